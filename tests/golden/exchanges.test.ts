import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { captureNames } from './capture-names.ts'
import { exchangesOf, goldenText } from './captured.ts'

const captures = join(import.meta.dirname, '../../fixtures/captures')

/** What tshark's HL7 dissector doesn't show, though it is in the capture (domain.md 5.2), as `frame time request|answer`. */
const tsharkIsBlind: { readonly [capture: string]: string } = {
  'mllp-10-rst-mid-message': 'it shows only complete frames: the request that the reset broke',
  'mllp-14-missing-final-cr-after-fs': 'it wants the final CR: the request',
}
/** Its listing is cut at 400,000 bytes. */
const isCutShort = new Set(['mllp-17-large-528KB-embedded-pdf'])

describe.each(captureNames('mllp'))('%s', (name) => {
  test('gives the exchanges that are expected', async () => {
    const golden = readFileSync(join(import.meta.dirname, 'exchanges', `${name}.json`), 'utf8')
    expect(goldenText(await exchangesOf([join(captures, `${name}.pcap`)]))).toBe(golden)
  })

  test('agrees with tshark on every message: where it ends, what it is', async () => {
    const { exchanges, summary } = await exchangesOf([join(captures, `${name}.pcap`)])
    const from = summary.from ?? 0
    const stamp = (at: number) => Math.round((at - from) * 1000)
    const requests = exchanges.flatMap(({ request, type }) =>
      request === null ? [] : [`${stamp(request.endAt)} ${(type ?? '').split('^').slice(0, 2).join('^')}`],
    )
    const answers = exchanges.flatMap((exchange) => exchange.answers.map((answer) => `${stamp(answer.endAt)} ${answer.code}`))
    const oracle = oracleOf(name)
    if (name in tsharkIsBlind) {
      expect(oracle.requests).toEqual([])
      expect(requests).toHaveLength(1)
    } else {
      expect(requests.toSorted()).toEqual(oracle.requests.toSorted())
    }
    if (isCutShort.has(name)) expect(answers).toEqual(expect.arrayContaining(oracle.answers))
    else expect(answers.toSorted()).toEqual(oracle.answers.toSorted())
  })
})

/** Messages as tshark lists them: microseconds since the first packet, and type or acknowledgment code. */
function oracleOf(name: string): { readonly requests: string[]; readonly answers: string[] } {
  const requests: string[] = []
  const answers: string[] = []
  const rows = readFileSync(join(captures, 'oracle-tshark', `${name}.tsv`), 'latin1')
    .split('\n')
    .slice(1)
  for (const row of rows) {
    const [, time = '', , , , types = '', events = '', segments = ''] = row.split('\t')
    if (types === '') continue
    const at = Math.round(Number(time) * 1_000_000)
    const codes = [...segments.matchAll(/MSA\|(\w\w)\|/g)].map((match) => match[1] ?? '')
    for (const type of types.split(',')) {
      if (type === 'ACK') answers.push(`${at} ${codes.shift()}`)
      else requests.push(`${at} ${type}^${events.split(',')[0]}`)
    }
  }
  return { requests, answers }
}
