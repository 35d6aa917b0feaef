import { describe, expect, it } from 'vitest'
import { associations } from '../../../monitors/associations.ts'
import { aCatalogue, anInterface, exchanged, mondayMorning, seeded } from './stream.ts'

const iface = anInterface('modality-pacs-store')

type Result = '0' | '3' | 'abort' | 'release' | 'rejected'

function readingsOf(results: readonly Result[], everyMs = 1000): string[] {
  const running = associations.start({ catalogue: aCatalogue(iface) }, null)
  return results.flatMap((result, i) => {
    const at = mondayMorning + i * everyMs
    const type = result === 'abort' ? 'C-STORE' : result === 'release' ? 'A-RELEASE' : 'A-ASSOCIATE'
    const item = exchanged({
      at,
      interfaceId: iface.id,
      type,
      code: 'AC',
      ...(result === 'rejected' ? { outcome: 'failed', code: 'RJ-1-1-3' } : {}),
      ...(result === 'abort' ? { outcome: 'unanswered', wire: [{ kind: 'aborted', by: 'acceptor', at, code: '2-0' }] } : {}),
    })
    const { exchange } = item.entry
    const opened = {
      ...exchange,
      request: exchange.request && { ...exchange.request, envelope: [['context', '1 1.2.3 1.2.840.10008.1.2']] as const },
      answers: exchange.answers.map((answer) => ({ ...answer, envelope: [['context', `1 ${result} `]] as const })),
    }
    const seen = result === '0' || result === '3' ? { ...item, entry: { ...item.entry, exchange: opened } } : item
    return running.assess(seen).map(({ signal, state }) => `${signal} ${state}`)
  })
}

describe('associations', () => {
  it('says when an abstract syntax is not accepted three times, and when it is again', () => {
    expect(readingsOf(['0', '0', '3', '3', '3', ...Array.from({ length: 12 }, () => '0' as const)])).toEqual([
      'associations/contexts bad',
      'associations/contexts good',
    ])
  })
  it('is quiet about one in many', () => {
    expect(readingsOf(['3', ...Array.from({ length: 50 }, () => '0' as const), '3'])).toEqual([])
  })
  it('says when one device of ten is rejected at every attempt', () => {
    const ten = ['rejected', ...Array.from({ length: 9 }, () => '0' as const)] as const
    expect(readingsOf([...ten, ...ten, ...ten, ...ten])).toEqual(['associations/rejected bad'])
  })
  it.each(['rejected', '3'] as const)('says so too when three of ninety end thus (%s)', (result) => {
    const thirty = [result, ...Array.from({ length: 29 }, () => '0' as const)] as const
    expect(readingsOf([...thirty, ...thirty, result])).toHaveLength(1)
    expect(readingsOf([...thirty, ...thirty])).toEqual([])
  })
  it('says when associations end by aborts', () => {
    expect(readingsOf(['release', 'abort', 'abort', 'abort'], 130_000)).toEqual(['associations/abort bad'])
  })
  it('takes a user who cancels and asks again at once for one', () => {
    const again: Result[] = ['release', 'release', 'release', 'abort', 'abort', 'abort', 'abort']
    expect(readingsOf(again, 20_000)).toEqual([])
  })
  it('takes for usual what is so every day, and says when it is much more', () => {
    const random = seeded(4)
    const ended = (aborts: number): Result => (random() < aborts ? 'abort' : 'release')
    const days = Array.from({ length: 3_000 }, () => ended(0.03))
    expect(readingsOf(days, 130_000)).toEqual([])
    const more = Array.from({ length: 12 }, () => ended(0.9))
    expect(new Set(readingsOf([...days, ...more], 130_000))).toEqual(new Set(['associations/abort bad']))
  })
})
