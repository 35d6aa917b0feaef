import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { json } from '../../adapters/formats/json/json.ts'
import { soap } from '../../adapters/formats/soap/soap.ts'
import { compileContractFile } from '../../gateway/contract-files.ts'
import type { Document, Hints } from '../../gateway/model/document.ts'
import type { Envelope } from '../../gateway/model/envelope.ts'
import type { CompiledContract } from '../../gateway/model/violation.ts'

const folder = new URL('../../fixtures/messages/other-zh-synthetic/', import.meta.url)
const ids = [
  'emr-cdss-rx-check',
  'his-prereview-rx',
  'eda-cdss-rx-check',
  'his-nhsa-settlement',
  'miniapp-his-appointment',
  'his-queue-call',
  'mdm-dictionary-sync',
  'ods-decision-feed',
  'emr-sdms-report',
  'ris-emr-report-doc',
  'cssd-his-trace',
]
const contracts = ids.map((id) => compileContractFile(id, '.'))
const hints: Hints = { at: 0, timezone: 'Asia/Shanghai' }
const routes = ['/rx/check', '/rx/check-lite', '/review/tasks', '/his/review-result', '/appointments', '/payments']
const envelopes: readonly Envelope[] = [
  ...routes.map(
    (path): Envelope => [
      [':method', 'POST'],
      [':path', path],
    ],
  ),
  ...['his.registration.events', 'mdm.dictionary.changed', 'ods.cdc.his'].map((topic): Envelope => [['topic', topic]]),
  [['file', 'x.csv']],
]

/**
 * The privacy law for these formats and contracts: whatever a message holds, and however wrong it is, no text of a violation, of a defect or of an ack
 * repeats a value of it. Every sample is asked of every contract, as it is and with each of its values in the wrong place.
 */
describe.each(readdirSync(folder))('%s', (name) => {
  const bytes = new Uint8Array(readFileSync(new URL(name, folder)))
  const isXml = name.endsWith('.xml')
  it('is repeated by no contract', () => {
    const text = new TextDecoder(name.includes('gb18030') ? 'gb18030' : 'utf-8').decode(bytes)
    const values = isXml ? xmlValues(text) : jsonValues(text)
    expect(values.length).toBeGreaterThan(0)
    for (const body of isXml ? [text, shiftedXml(text)] : [text, ...shiftedJson(text)]) {
      for (const envelope of isXml ? [[]] : envelopes) {
        const document = (isXml ? soap : json).read(new TextEncoder().encode(body), { ...hints, envelope })
        for (const contract of contracts) expect(toldBy(contract, document, values)).toEqual([])
      }
    }
  })
})

function toldBy(contract: CompiledContract, document: Document, values: readonly string[]): readonly string[] {
  const violations = (['request', 'answer'] as const).flatMap((side) => contract.check(document, side))
  const { ack, defects } = document.facts()
  const texts = [
    ...violations.flatMap(({ message, path, element, rule, shape }) => [
      message.zh,
      message.en,
      path,
      element,
      rule,
      shape ?? '',
    ]),
    ...defects.flatMap(({ path, text }) => [path ?? '', text]),
    ...(ack?.errors ?? []).flatMap(({ code, location, textDigest }) => [code ?? '', location ?? '', textDigest ?? '']),
  ]
  // The contract's own words may be a message's too: its values and its names.
  const words = new Set(texts.flatMap((text) => text.split(/[\s,;:()"'/.[\]]+/u)))
  return values.filter((value) => words.has(value) || (value.length > 5 && texts.some((text) => text.includes(value))))
}

/** Values that could tell something of somebody: with a digit, a Chinese character or a blank, four characters or more. */
function telling(values: readonly string[]): readonly string[] {
  return [...new Set(values)].filter(
    (value) => value.length >= 4 && /\d{4}|\p{Script=Han}/u.test(value) && !/^(?:ORA-|urn:|RCMR_|MCCI_)/.test(value),
  )
}

function jsonValues(text: string): readonly string[] {
  if (!text.startsWith('{')) return telling(text.split(/[,\r\n]+/).slice(8))
  const found: string[] = []
  const collect = (value: unknown): void => {
    if (typeof value === 'string' || typeof value === 'number') found.push(String(value))
    else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) collect(inner)
  }
  collect(JSON.parse(text))
  return telling(found)
}

function xmlValues(text: string): readonly string[] {
  return telling([...text.matchAll(/>([^<>]+)<|="([^"]*)"/g)].map((match) => match[1] ?? match[2] ?? ''))
}

/** Names for values, values for names, and every value where the one before it stood. */
function shiftedJson(text: string): readonly string[] {
  if (!text.startsWith('{')) return [text.replaceAll(/(^|\n)[^,\n]+,/g, '$1')]
  const strings = text.match(/"(?:[^"\\]|\\.)*"(?!\s*:)/g) ?? []
  let next = 0
  const shifted = text.replaceAll(/"(?:[^"\\]|\\.)*"(?!\s*:)/g, () => strings[++next % strings.length] ?? '""')
  const turned: unknown = JSON.parse(text, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value).flatMap(([name, inner]) =>
            typeof inner === 'string'
              ? [
                  [inner, name],
                  [name, [inner]],
                ]
              : [[name, inner]],
          ),
        )
      : value,
  )
  return [shifted, JSON.stringify(turned), text.replace(/,(?=[^,]*$)/, ',NaN,')]
}

function shiftedXml(text: string): string {
  const values = text.match(/(?<=="|>)[^"<>\s]+(?="|<)/g) ?? []
  let next = 0
  return text.replaceAll(
    /(?<=extension="|value="|typeCode="|Code>|No>)[^"<>]+(?="|<)/g,
    () => values[next++ % values.length] ?? '',
  )
}

it('the law can fail: a contract that tells the value is caught by it', () => {
  const document = json.read(new TextEncoder().encode('{"name":"欧阳若兰"}'), hints)
  const leaking: CompiledContract = {
    id: 'leak',
    version: '1',
    check: () => [
      {
        path: 'name',
        element: 'name',
        rule: 'type',
        severity: 'warn',
        message: { zh: '姓名 欧阳若兰', en: 'name' },
        shape: null,
        side: 'request',
      },
    ],
  }
  expect(toldBy(leaking, document, ['欧阳若兰'])).toEqual(['欧阳若兰'])
})
