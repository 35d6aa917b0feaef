import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Exchange } from '../../gateway/model/exchange.ts'
import { captureNames } from './capture-names.ts'
import { capturedInterface, exchangesOf, goldenText } from './captured.ts'

const captures = join(import.meta.dirname, '../../fixtures/captures')

/** Where tshark's HTTP dissector sees something else, with what each lists. */
const differs: { readonly [capture: string]: { readonly ours: readonly string[]; readonly tshark: readonly string[] } } = {
  // It takes the answer to HEAD, of three requests in one segment, for one with a body, and what follows for that.
  'http-08-pipelined': { ours: ['answer 200', 'answer 204'], tshark: ['answer 200'] },
  // It lists no request of which nothing but the header came: the refusal came first.
  'http-09-expect-100-and-413': { ours: ['request PUT'], tshark: [] },
}

describe.each(captureNames('http'))('%s', (name) => {
  const read = () => exchangesOf([join(captures, `${name}.pcap`)], capturedInterface('http'))

  test('gives the exchanges that are expected', async () => {
    expect(goldenText(await read())).toBe(readFileSync(join(import.meta.dirname, 'exchanges', `${name}.json`), 'utf8'))
  })

  test('agrees with tshark on every message: where it ends, what it is', async () => {
    const { exchanges, summary } = await read()
    const from = summary.from ?? 0
    const stamp = (at: number) => Math.round((at - from) * 1000)
    const requests = exchanges.flatMap(({ request, type }) =>
      request === null || type === null ? [] : [`${stamp(request.endAt)} request ${type.split(' ')[0]}`],
    )
    const answers = exchanges.flatMap((exchange) => exchange.answers.map(({ code, endAt }) => `${stamp(endAt)} answer ${code}`))
    const ours = [...requests, ...answers].toSorted()
    const tshark = oracleOf(name).toSorted()
    const missing = (from: readonly string[], there: readonly string[]) =>
      from.filter((line) => !there.includes(line)).map((line) => line.slice(line.indexOf(' ') + 1))
    expect(missing(ours, tshark)).toEqual(differs[name]?.ours ?? [])
    expect(missing(tshark, ours)).toEqual(differs[name]?.tshark ?? [])
    expect(ours.length - tshark.length).toBe((differs[name]?.ours.length ?? 0) - (differs[name]?.tshark.length ?? 0))
  })

  test('holds no credential', async () => {
    const { exchanges } = await read()
    const said = exchanges.flatMap((exchange: Exchange) =>
      [exchange.request, ...exchange.answers].flatMap((p) => p?.envelope ?? []),
    )
    expect(JSON.stringify(said)).not.toMatch(/abc/)
  })
})

/** Messages as tshark lists them: microseconds since the first packet, and method or status. */
function oracleOf(name: string): readonly string[] {
  const rows = readFileSync(join(captures, 'oracle-tshark', `${name}.tsv`), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
  return rows.flatMap((row) => {
    const [, time = '', , methods = '', , codes = ''] = row.split('\t')
    const at = Math.round(Number(time) * 1_000_000)
    const words = (text: string, kind: string) => (text === '' ? [] : text.split(',').map((word) => `${at} ${kind} ${word}`))
    return [...words(methods, 'request'), ...words(codes, 'answer')]
  })
}
