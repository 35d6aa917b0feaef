import { expect, it } from 'vitest'
import { compileContractText } from '../../../../contracts/languages.ts'
import { startBacktest } from '../../../../gateway/analysis/backtest.ts'
import { engineParts } from '../../../../gateway/app.ts'
import { readContractFile } from '../../../../gateway/contract-files.ts'
import { demoFolder, mondayAtTen, simulatedCatalogue, simulatedLog } from '../../../support/simulated.ts'

const catalogue = await simulatedCatalogue('demo')
const parts = await engineParts(catalogue, demoFolder)
const id = 'his-lis-lab-order'
const iface = catalogue.interfaces.find((one) => one.id === id)
const text = readContractFile(id, '.').text
const log = [
  ...simulatedLog(catalogue, { seed: 5, startAt: mondayAtTen, lastsMs: 20 * 60_000, interfaceIds: [id, 'his-esb-adt'] }),
]

function backtest(contract: string) {
  if (iface === undefined) throw new Error(`no ${id}`)
  const running = startBacktest(
    parts,
    iface,
    compileContractText({ text: contract, path: 'x.yaml' }, () => null),
  )
  for (let at = 0; at < log.length; at += 1_000) running.add(log.slice(at, at + 1_000))
  return running.result()
}

it('finds nothing where the contract is kept', () => {
  const result = backtest(text)
  expect(result).toMatchObject({ interfaceId: id, contract: id, version: '1', violating: 0, tickets: [], unreadable: 0 })
  expect(result.exchanges).toBeGreaterThan(500)
  expect(result.days).toEqual([{ day: '2026-11-23', exchanges: result.exchanges, violating: 0, tickets: 0 }])
})

it('says by rule, by day and with examples what a stricter contract would have ticketed', () => {
  const result = backtest(text.replace('PV1-19: R #', 'PV1-5: R #'))
  const requests = result.exchanges
  expect(result.violating).toBe(requests)
  expect(result.rules[0]).toMatchObject({
    element: 'PV1-5',
    rule: 'required',
    severity: 'ticket',
    exchanges: requests,
    days: { '2026-11-23': requests },
  })
  expect(result.rules[0]?.exchangeIds.length).toBe(5)
  expect(result.tickets.length).toBe(1)
  expect(result.tickets[0]?.causes[0]).toBe('schema-missing-field')
  expect(result.days[0]?.tickets).toBe(1)
})
