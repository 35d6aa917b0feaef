import { expect, test } from 'vitest'
import { amount } from '../../../../monitors/shared/state.ts'
import { watchInterfaces } from '../../../../monitors/shared/watch.ts'
import { aCatalogue, anInterface, exchanged, mondayMorning, ticked } from '../stream.ts'

/** What it was shown, in words. */
function watching(name: string) {
  const shown: string[] = []
  const monitor = watchInterfaces<number>({
    name,
    version: 1,
    memory: amount(),
    note(_memory, { iface, exchange, id, item }, { now }) {
      shown.push(`${iface.to} ${exchange.outcome} ${id} ${item.violations.length} ${now - mondayMorning}`)
    },
    beat(_memory, _health, { iface, now }) {
      shown.push(`tick ${iface.id} ${now - mondayMorning}`)
    },
    judge() {},
  })
  return { monitor, shown }
}

const lab = anInterface('his-lis-lab-order')
const results = anInterface('lis-emr-lab-result', { from: 'lis', to: 'emr' })

test('what one monitor was shown is not what another is shown of an exchange that was changed since, or by another catalogue', () => {
  const [a, b] = [watching('a'), watching('b')]
  const elsewhere = aCatalogue(results, { ...lab, to: 'other' })
  const [first, second] = [
    a.monitor.start({ catalogue: aCatalogue(lab, results) }, null),
    b.monitor.start({ catalogue: elsewhere }, null),
  ]
  const item = exchanged({ at: mondayMorning, controlId: 'M1' })
  first.assess(item)
  second.assess(item)
  const { exchange } = item.entry
  const changed = {
    ...item,
    now: mondayMorning + 25,
    entry: { ...item.entry, exchange: { ...exchange, outcome: 'failed' as const } },
  }
  first.assess(changed)
  second.assess(changed)
  first.assess(item)
  expect(a.shown).toEqual(['lis answered M1 0 20', 'lis failed M1 0 25', 'lis answered M1 0 20'])
  expect(b.shown).toEqual(['other answered M1 0 20', 'other failed M1 0 25'])
})

test('ticks reach the interfaces that something was seen of, the first first; what the catalogue lacks is left out', () => {
  const { monitor, shown } = watching('a')
  const running = monitor.start({ catalogue: aCatalogue(lab, results) }, null)
  const of = (interfaceId: string) => exchanged({ at: mondayMorning, controlId: 'M1', interfaceId })
  running.assess(ticked(mondayMorning))
  running.assess(of('nobody-knows'))
  for (const id of [results.id, lab.id, results.id]) running.assess(of(id))
  running.assess(ticked(mondayMorning + 1000))
  const ticks = [`tick ${results.id} 1000`, `tick ${lab.id} 1000`]
  expect(shown.slice(3)).toEqual(ticks)
  const again = watching('a')
  again.monitor.start({ catalogue: aCatalogue(lab, results) }, running.save()).assess(ticked(mondayMorning + 1000))
  expect(again.shown).toEqual(ticks)
})
