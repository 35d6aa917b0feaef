import { describe, expect, test } from 'vitest'
import { readStamp } from '../../../../../adapters/formats/hl7v2/stamps.ts'

const shanghai = 'Asia/Shanghai'
const at = (iso: string) => Date.parse(iso)

describe('readStamp', () => {
  test.each([
    ['2026', '2026-01-01T00:00:00+08:00', 365 * 86_400_000],
    ['202611', '2026-11-01T00:00:00+08:00', 30 * 86_400_000],
    ['20261123', '2026-11-23T00:00:00+08:00', 86_400_000],
    ['2026112308', '2026-11-23T08:00:00+08:00', 3_600_000],
    ['202611230830', '2026-11-23T08:30:00+08:00', 60_000],
    ['20261123083001', '2026-11-23T08:30:01+08:00', 1000],
    ['20261123083001.5', '2026-11-23T08:30:01.500+08:00', 1],
    ['20261123083001.1234', '2026-11-23T08:30:01.123+08:00', 1],
  ])('%s', (text, iso, resolutionMs) => {
    const reading = readStamp(text, shanghai)
    expect(Math.floor(reading.at ?? 0)).toBe(at(iso))
    expect(reading).toMatchObject({ resolutionMs, hasZone: false })
  })

  test('a zone of its own wins over the hint', () => {
    expect(readStamp('20261123110005+0600', shanghai)).toEqual({
      at: at('2026-11-23T11:00:05+06:00'),
      resolutionMs: 1000,
      hasZone: true,
    })
    expect(readStamp('20261123110005.25-0330', shanghai)).toEqual({
      at: at('2026-11-23T11:00:05.250-03:30'),
      resolutionMs: 1,
      hasZone: true,
    })
  })

  test('wall-clock time on both sides of a change of clocks', () => {
    expect(readStamp('20260329005959', 'Europe/Berlin').at).toBe(at('2026-03-29T00:59:59+01:00'))
    expect(readStamp('20260329030000', 'Europe/Berlin').at).toBe(at('2026-03-29T03:00:00+02:00'))
    expect(readStamp('20260715120000', 'Europe/Berlin').at).toBe(at('2026-07-15T12:00:00+02:00'))
    expect(readStamp('19870701120000', shanghai).at).toBe(at('1987-07-01T12:00:00+09:00'))
  })

  test.each([
    '',
    '26',
    '2026-11-23 08:30',
    '20261123T083000',
    '20261323',
    '20260230',
    '20261123250000',
    '20261123083',
    '20261123083061',
    '20261123083001.',
    '20261123083001+08:00',
    '20261123083001Z',
    '1795396530',
    '1795396530000',
    '202611230830.5',
    'XN-9000',
    '20261123+9900',
  ])('%j is no HL7 time', (text) => {
    expect(readStamp(text, shanghai).at).toBeNull()
  })
})
