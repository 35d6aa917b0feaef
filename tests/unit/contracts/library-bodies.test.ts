import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { json } from '../../../adapters/formats/json/json.ts'
import { soap } from '../../../adapters/formats/soap/soap.ts'
import { compileContractFile } from '../../../gateway/contract-files.ts'
import type { Envelope } from '../../../gateway/model/envelope.ts'

const folder = new URL('../../../fixtures/messages/other-zh-synthetic/', import.meta.url)
const post = (path: string, ...more: Envelope): Envelope => [
  [':method', 'POST'],
  [':path', path],
  ['content-type', 'application/json; charset=utf-8'],
  ...more,
]
const rxCheck = post('/api/v1/rx/check', ['x-request-id', '1'])
const nhsa = post('/fsi/api/any')
const xml = post('/services/DocumentService', ['soapaction', '""']).with(2, ['content-type', 'text/xml; charset=utf-8'])
const ok: Envelope = [[':status', '200']]
const topic = (name: string): Envelope => [
  ['topic', name],
  ['header.schemaversion', '3'],
]

interface Sample {
  readonly contract: string
  readonly file: string
  readonly side: 'request' | 'answer'
  readonly envelope: Envelope
  readonly requestEnvelope?: Envelope
}

const asked = (contract: string, file: string, envelope: Envelope): Sample => ({ contract, file, side: 'request', envelope })
const answered = (contract: string, file: string, requestEnvelope: Envelope, envelope = ok): Sample => ({
  contract,
  file,
  side: 'answer',
  envelope,
  requestEnvelope,
})

/** Every sample with the contract of its interface. */
const samples: readonly Sample[] = [
  asked('emr-cdss-rx-check', 'rxcheck-emr-cdss.req.json', rxCheck),
  answered('emr-cdss-rx-check', 'rxcheck-emr-cdss.rsp.pass.json', rxCheck),
  answered('emr-cdss-rx-check', 'rxcheck-emr-cdss.rsp.timeout-504.json', rxCheck, [[':status', '504']]),
  asked('his-prereview-rx', 'prereview-callback.json', post('/his/review-result')),
  asked('his-nhsa-settlement', 'nhsa-1101-person-info.req.json', nhsa),
  answered('his-nhsa-settlement', 'nhsa-1101-person-info.rsp.ok.json', nhsa),
  asked('his-nhsa-settlement', 'nhsa-2207-outpatient-settle.req.json', nhsa),
  answered('his-nhsa-settlement', 'nhsa-2207-outpatient-settle.rsp.ok.json', nhsa),
  answered('his-nhsa-settlement', 'nhsa-2207-outpatient-settle.rsp.fail-dictionary.json', nhsa),
  answered('his-nhsa-settlement', 'nhsa-2207-outpatient-settle.rsp.fail-signature.json', nhsa),
  asked('his-nhsa-settlement', 'nhsa-2601-reversal.req.json', nhsa),
  asked(
    'miniapp-his-appointment',
    'miniapp-appointment.req.json',
    post('/open-api/v2/appointments', ['authorization', 'Bearer']),
  ),
  asked('his-queue-call', 'kafka-queue-event.json', topic('his.registration.events')),
  asked('mdm-dictionary-sync', 'kafka-dictionary-changed.json', topic('mdm.dictionary.changed')),
  asked('emr-sdms-report', 'filedrop-single-disease-20261122.gb18030.csv', [['file', 'filedrop-single-disease-20261122.csv']]),
  asked('emr-sdms-report', 'filedrop-single-disease-20261122.utf8-bom.csv', [['file', 'filedrop-single-disease-20261122.csv']]),
  asked('ris-emr-report-doc', 'soap-v3-document-register.req.xml', xml),
  answered('ris-emr-report-doc', 'soap-v3-document-register.rsp.aa.xml', xml),
  answered('ris-emr-report-doc', 'soap-v3-document-register.rsp.ae.xml', xml),
  asked('cssd-his-trace', 'soap-cssd-push-trace-batch.req.xml', xml),
  answered('cssd-his-trace', 'soap-fault-server-locktimeout.xml', xml, [[':status', '500']]),
]

function bytesOf(file: string): Uint8Array {
  const bytes = new Uint8Array(readFileSync(new URL(file, folder)))
  if (!file.startsWith('kafka-')) return bytes
  // The record as a consumer library shows it: its value is the body.
  const record: { value: unknown } = JSON.parse(new TextDecoder().decode(bytes))
  return new TextEncoder().encode(JSON.stringify(record.value))
}

function check({ contract, file, ...around }: Sample, change: (text: string) => string = (text) => text) {
  const bytes = bytesOf(file)
  const isUtf8 = !file.includes('gb18030')
  const body = isUtf8 ? new TextEncoder().encode(change(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))) : bytes
  const document = (file.endsWith('.xml') ? soap : json).read(body, { at: 0, timezone: 'Asia/Shanghai', ...around })
  const compiled = compileContractFile(contract, '.')
  return {
    told: compiled.check(document, around.side).map(({ severity, rule, path }) => `${severity} ${rule} ${path}`),
    facts: compiled.facts?.(document, around.side) ?? document.facts(),
  }
}

const sampleOf = (file: string): Sample => samples.find((sample) => sample.file === file) ?? asked('', file, [])

describe('the contracts for JSON, records, rows and SOAP', () => {
  it.each(samples)('$contract has nothing to say of $file', (sample) => {
    expect(check(sample).told).toEqual([])
  })

  it.each([
    ['rxcheck-emr-cdss.rsp.pass.json', 'yes', '"OK"', '"ERROR"'],
    ['nhsa-2207-outpatient-settle.rsp.ok.json', 'yes', '"infcode": 0', '"infcode": -1'],
    ['soap-v3-document-register.rsp.aa.xml', 'yes', 'typeCode="AA"', 'typeCode="AR"'],
  ])('%s says %s, and no when it is changed', (file, verdict, from, to) => {
    expect(check(sampleOf(file)).facts.ack?.verdict).toBe(verdict)
    expect(check(sampleOf(file), (text) => text.replace(from, to)).facts.ack?.verdict).toBe('no')
  })

  it.each([
    [{ appointmentId: 'YY1', patientName: '张*', idNo: '9900**********0021', phone: '199****0001' }, []],
    [
      { appointmentId: 'YY1', patientName: '张伟', contact: { idNo: '990000198502150021' }, phone: '19900000001' },
      ['ticket masking *.idNo', 'ticket masking patientName', 'ticket masking phone'],
    ],
    [
      { reportNo: 'R1', patientName: '张*', conclusion: 'HIV抗体确证试验阳性' },
      ['ticket masking *', 'ticket required appointmentId'],
    ],
  ])('answers of the appointments go out to the internet, and nothing in clear: %o', (answer, told) => {
    const document = json.read(new TextEncoder().encode(JSON.stringify(answer)), {
      at: 0,
      timezone: 'Asia/Shanghai',
      side: 'answer',
      envelope: [[':status', '201']],
      requestEnvelope: [
        [':method', 'POST'],
        [':path', '/open-api/v2/appointments'],
      ],
    })
    const breaches = compileContractFile('miniapp-his-appointment', '.').check(document, 'answer')
    expect(breaches.map(({ severity, rule, path }) => `${severity} ${rule} ${path}`).sort()).toEqual(told)
  })

  it('names the drug that the rule engine does not know', () => {
    const sample = answered('emr-cdss-rx-check', 'rxcheck-emr-cdss.rsp.unknown-drug.json', rxCheck)
    expect(check(sample).told).toEqual(['warn forbidden alerts[0].code'])
  })

  it.each([
    ['rxcheck-emr-cdss.req.json', '"visitId"', '"visitNr"', 'ticket required patient.visitId'],
    ['rxcheck-emr-cdss.req.json', '"visitId"', '"remark": "家属 19900000001", "visitId"', 'ticket masking patient.*'],
    ['rxcheck-emr-cdss.req.json', '0.5,', '"0.5g",', 'ticket type prescription.items[0].dose'],
    ['rxcheck-emr-cdss.req.json', 'YP0001234', 'XP1', 'warn format prescription.items[0].drugCode'],
    ['prereview-callback.json', '"REJECT"', '"MAYBE"', 'warn table result'],
    ['prereview-callback.json', '"taskId"', '"task"', 'ticket required taskId'],
    ['nhsa-1101-person-info.req.json', '"mdtrt_cert_no"', '"cert_no"', 'ticket required input.data.mdtrt_cert_no'],
    ['nhsa-1101-person-info.req.json', 'H99000000001202611230831020001', '20261123083102', 'warn format msgid'],
    ['nhsa-2207-outpatient-settle.req.json', '328.5', '"叁佰元"', 'ticket type input.data.medfee_sumamt'],
    ['nhsa-2207-outpatient-settle.req.json', '"chrg_bchno"', '"batch"', 'ticket required input.data.chrg_bchno'],
    ['nhsa-2207-outpatient-settle.req.json', '"opter_type": "1"', '"opter_type": "7"', 'ticket table opter_type'],
    ['nhsa-2207-outpatient-settle.rsp.ok.json', '"respond_time"', '"time"', 'ticket required respond_time'],
    ['miniapp-appointment.req.json', '990000198502150021', '990000198502150022', 'warn format idNo'],
    ['miniapp-appointment.req.json', '"0105"', '105', 'ticket type deptCode'],
    ['kafka-queue-event.json', '"A012"', '12', 'ticket type queueNo'],
    ['kafka-queue-event.json', '欧阳**', '欧阳若兰', 'ticket masking patientNameMasked'],
    ['kafka-queue-event.json', '"room"', '"patientName"', 'ticket masking patientName'],
    ['kafka-queue-event.json', '"room":', '"remark": "电话19900000001", "room":', 'ticket masking *'],
    ['prereview-callback.json', '"opinion": "', '"opinion": "已电话确认 19900000001,', 'ticket masking opinion'],
    ['kafka-queue-event.json', 'CHECKED_IN', 'SOMETHING', 'warn table eventType'],
    ['kafka-queue-event.json', '"eventType"', '"type"', 'ticket required eventType'],
    ['kafka-dictionary-changed.json', '2026.11.23.1', 'v3', 'warn format version'],
    ['kafka-dictionary-changed.json', '"added":["YP0009999"]', '"added":"YP0009999"', 'ticket type added'],
    ['filedrop-single-disease-20261122.utf8-bom.csv', '主诊断编码', '诊断', 'ticket cardinality header'],
    ['filedrop-single-disease-20261122.utf8-bom.csv', 'B000003', '', 'observe length rows[2].病案号'],
    ['filedrop-single-disease-20261122.utf8-bom.csv', 'I21.000', '心梗', 'warn format rows[0].主诊断编码'],
    ['filedrop-single-disease-20261122.utf8-bom.csv', 'B000004,', '', 'warn structure rows[3]'],
    [
      'soap-v3-document-register.req.xml',
      'extension="RIS20261123000090"',
      '',
      'ticket required payload/RCMR_IN000002UV02/id/@extension',
    ],
    [
      'soap-v3-document-register.req.xml',
      '20261123102000',
      '2026年11月23日',
      'warn format payload/RCMR_IN000002UV02/creationTime/@value',
    ],
    [
      'soap-v3-document-register.rsp.aa.xml',
      '<targetMessage><id root="2.16.156.10011.2.5.1.1" extension="RIS20261123000090"/></targetMessage>',
      '',
      'ticket required payload/MCCI_IN000002UV01/acknowledgement/targetMessage',
    ],
    ['soap-cssd-push-trace-batch.req.xml', '<packCode>CP000002</packCode>', '', 'ticket required items/item[2]/packCode'],
    ['soap-cssd-push-trace-batch.req.xml', '<total>1200</total>', '<total>若干</total>', 'ticket type total'],
    [
      'soap-cssd-push-trace-batch.req.xml',
      '</items>',
      `${'<item><packCode>CP1</packCode><sterilizeTime>2026-11-23 04:31:00</sterilizeTime></item>'.repeat(1000)}</items>`,
      'ticket cardinality items/item',
    ],
  ])('%s: %j changed to %j', (file, from, to, expected) => {
    expect(check(sampleOf(file)).told).not.toContain(expected)
    expect(check(sampleOf(file), (text) => text.replace(from, to)).told).toContain(expected)
  })

  it('knows a change of a row, and what it must hold', () => {
    const contract = compileContractFile('ods-decision-feed', '.')
    const told = (body: object) => {
      const document = json.read(new TextEncoder().encode(JSON.stringify(body)), {
        at: 0,
        timezone: 'UTC',
        envelope: [['topic', 'ods.cdc.his']],
      })
      return contract.check(document, 'request').map(({ severity, rule, path }) => `${severity} ${rule} ${path}`)
    }
    const change = {
      op: 'c',
      table: 'OUTP_VISIT',
      pk: 'OUTP_VISIT-1',
      scn: 12,
      ts_ms: 1_795_393_861_000,
      after: { visitId: 'V1' },
    }
    expect(told(change)).toEqual([])
    expect(told({ ...change, scn: 'SCN-12', ts_ms: undefined })).toEqual(['warn required ts_ms', 'warn type scn'])
    expect(told({ ...change, after: null })).toEqual(['ticket type after'])
    expect(new Set(told({ ...change, after: JSON.stringify(change.after) }))).toEqual(new Set(['ticket type after']))
    expect(told({ op: 'w', scn: 13, ts_ms: 1_795_393_861_000, rows: { OUTP_VISIT: 4 } })).toEqual([])
    expect(told({ op: 'x' })).toEqual(['warn operation body'])
  })

  it('holds the bedside check to what a handheld must send', () => {
    const contract = compileContractFile('eda-cdss-rx-check', '.')
    const body = { requestId: 'EDA1', deviceId: 'EDA0001', wardCode: '0301', orderId: 'O1', drugCode: 'YP0001234', dose: 1 }
    const told = (value: object) =>
      contract
        .check(
          json.read(new TextEncoder().encode(JSON.stringify(value)), {
            at: 0,
            timezone: 'UTC',
            envelope: post('/api/v1/rx/check-lite', ['x-request-id', '1']),
          }),
          'request',
        )
        .map(({ severity, rule, path }) => `${severity} ${rule} ${path}`)
    expect(told(body)).toEqual([])
    expect(told({ ...body, orderId: undefined, dose: '1 片' })).toEqual(['ticket required orderId', 'ticket type dose'])
  })
})

it('no damage to a sample makes a contract throw, nor tell more than 50', () => {
  const compiled = new Map(samples.map(({ contract }) => [contract, compileContractFile(contract, '.')]))
  const damage = fc.array(fc.record({ at: fc.nat(4_000), byte: fc.nat(255), cut: fc.nat(60) }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(fc.constantFrom(...samples), damage, ({ contract, file, ...around }, hits) => {
      let body = Buffer.from(bytesOf(file))
      for (const { at, byte, cut } of hits) {
        const place = at % Math.max(1, body.length)
        body = Buffer.concat([body.subarray(0, place), Buffer.from([byte]), body.subarray(place + (cut % 7 === 0 ? cut : 1))])
      }
      const document = (file.endsWith('.xml') ? soap : json).read(body, { at: 0, timezone: 'Asia/Shanghai', ...around })
      expect(compiled.get(contract)?.check(document, around.side).length).toBeLessThanOrEqual(50)
      compiled.get(contract)?.facts?.(document, around.side)
    }),
    { numRuns: 400 },
  )
})
