/**
 * How fast JSON and SOAP bodies become facts, and are held to their contracts, beside the bare parsers (JSON.parse, saxes) in the same run on one core.
 * `node bench/bodies.ts [seconds of processor time per measurement]`.
 */
import { readFileSync } from 'node:fs'
import { SaxesParser } from 'saxes'
import { json } from '../adapters/formats/json/json.ts'
import { soap } from '../adapters/formats/soap/soap.ts'
import { compileContractFile } from '../gateway/contract-files.ts'
import type { Format, Hints } from '../gateway/model/document.ts'
import type { Envelope } from '../gateway/model/envelope.ts'
import { perSecond } from './rate.ts'

const seconds = Number(process.argv[2] ?? 1)
const folder = new URL('../fixtures/messages/other-zh-synthetic/', import.meta.url)
const load = (name: string) => readFileSync(new URL(name, folder), 'utf8')
const post = (path: string, type: string): Envelope => [
  [':method', 'POST'],
  [':path', path],
  ['content-type', type],
  ['x-request-id', 'RXC20261123090455001'],
]
const jsonType = 'application/json; charset=utf-8'
const item =
  '<item><packCode>CP000001</packCode><packName>手术器械包-1</packName><sterilizeTime>2026-11-23 04:31:00</sterilizeTime></item>'

interface Sample {
  readonly name: string
  readonly text: string
  readonly format: Format
  readonly envelope: Envelope
  readonly contract: string
}

const samples: readonly Sample[] = [
  {
    name: 'prescription check, 12 drugs',
    text: rxCheck(12),
    format: json,
    envelope: post('/api/v1/rx/check', jsonType),
    contract: 'emr-cdss-rx-check',
  },
  {
    name: 'NHSA 2207',
    text: JSON.stringify(JSON.parse(load('nhsa-2207-outpatient-settle.req.json'))),
    format: json,
    envelope: post('/fsi/api/outpatientSettleService/saveSettletment', jsonType),
    contract: 'his-nhsa-settlement',
  },
  {
    name: 'DocumentRegister, V3 as text',
    text: load('soap-v3-document-register.req.xml'),
    format: soap,
    envelope: post('/services/DocumentService', 'text/xml; charset=utf-8'),
    contract: 'ris-emr-report-doc',
  },
  {
    name: 'PushTraceBatch, 150 packs',
    text: load('soap-cssd-push-trace-batch.req.xml').replace('</items>', `${item.repeat(130)}</items>`),
    format: soap,
    envelope: post('/his/services/TraceService', 'text/xml; charset=utf-8'),
    contract: 'cssd-his-trace',
  },
]

for (const { name, text, format, envelope, contract } of samples) {
  const body = new TextEncoder().encode(text)
  const hints: Hints = { at: 0, timezone: 'Asia/Shanghai', side: 'request', envelope }
  const compiled = compileContractFile(contract, '.')
  const runs: { readonly [run: string]: () => number } = {
    'auscult: facts': () => format.read(body, hints).facts().keys.length,
    'auscult: facts and contract': () => {
      const document = format.read(body, hints)
      return (
        compiled.check(document, 'request').length + (compiled.facts?.(document, 'request') ?? document.facts()).keys.length
      )
    },
    'parser alone': format === json ? () => parseJson(body) : () => parseXml(body),
  }
  process.stdout.write(`${name}, ${body.length} bytes\n`)
  for (const [run, once] of Object.entries(runs))
    process.stdout.write(`  ${run.padEnd(28)} ${Math.round(perSecond(once, seconds)).toString().padStart(8)}/s\n`)
}

function parseJson(body: Uint8Array): number {
  const value: unknown = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'))
  return typeof value === 'object' ? 1 : 0
}

function parseXml(body: Uint8Array): number {
  let count = 0
  const parser = new SaxesParser({ xmlns: true, position: false })
  parser.on('opentag', () => {
    count += 1
  })
  parser.on('text', () => {})
  parser.write(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')).close()
  return count
}

function rxCheck(drugs: number): string {
  const body: { prescription: { items: object[] } } = JSON.parse(load('rxcheck-emr-cdss.req.json'))
  const [first] = body.prescription.items
  return JSON.stringify({
    ...body,
    prescription: { ...body.prescription, items: Array.from({ length: drugs }, (_, n) => ({ ...first, line: n + 1 })) },
  })
}
