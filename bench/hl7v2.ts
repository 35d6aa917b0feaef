/**
 * How fast HL7 v2 bodies become facts, beside a naive split at all four levels and beside node-hl7-client with twelve
 * path reads, in the same run on one core. `node bench/hl7v2.ts [seconds per measurement]`.
 */
import { Message } from 'node-hl7-client'
import { hl7v2 } from '../adapters/formats/hl7v2/hl7v2.ts'
import { perSecond } from './rate.ts'

const seconds = Number(process.argv[2] ?? 1)
const hints = { at: 0, timezone: 'Asia/Shanghai' }
const samples = {
  'ADT^A01 ascii': adt(false),
  'ADT^A01 utf-8': adt(true),
  'ORU^R01 30 OBX ascii': oru(false),
  'ORU^R01 30 OBX utf-8': oru(true),
}

for (const [name, text] of Object.entries(samples)) {
  const body = new TextEncoder().encode(text)
  const runs: Record<string, () => number> = {
    'auscult: facts': () => hl7v2.read(body, hints).facts().keys.length,
    'auscult: facts and shape': () => {
      const document = hl7v2.read(body, hints)
      document.shape()
      return document.facts().keys.length
    },
    'naive split, four levels': () => naive(text),
    'node-hl7-client, 12 reads': () => client(text),
  }
  const rates = Object.entries(runs).map(([run, once]) => ({ run, rate: perSecond(once, seconds) }))
  const base = rates.find((r) => r.run === 'naive split, four levels')?.rate ?? 1
  process.stdout.write(`${name}, ${body.length} bytes\n`)
  for (const { run, rate } of rates) {
    process.stdout.write(
      `  ${run.padEnd(28)} ${Math.round(rate).toString().padStart(8)}/s  ${(rate / base).toFixed(2)} of naive\n`,
    )
  }
}

function naive(text: string): number {
  let leaves = 0
  for (const segment of text.split('\r'))
    for (const field of segment.split('|'))
      for (const repetition of field.split('~'))
        for (const component of repetition.split('^')) leaves += component.split('&').length
  return leaves
}

function client(text: string): number {
  const message = new Message({ text })
  const paths = [
    'MSH.3',
    'MSH.4',
    'MSH.7',
    'MSH.9.1',
    'MSH.9.2',
    'MSH.10',
    'MSH.12',
    'PID.3.1',
    'PID.5.1',
    'PV1.19.1',
    'PV1.2',
    'PID.8',
  ]
  return paths.reduce((sum, path) => sum + message.get(path).toString().length, 0)
}

function adt(isChinese: boolean): string {
  const name = isChinese ? '欧阳若兰' : 'OUYANG^RUOLAN'
  const ward = isChinese ? '心血管内科一区' : 'CARDIOLOGY WARD ONE'
  const address = isChinese ? '广东省深圳市罗湖区东门北路' : 'DONGMEN NORTH ROAD 1017, LUOHU DISTRICT'
  return [
    'MSH|^~\\&|HIS|SZPH|ESB|SZPH|20261120093005||ADT^A01^ADT_A01|HIS202611200000011|P|2.4|||AL|NE|CHN|UNICODE UTF-8',
    'EVN||20261120093000|||OP01^HUANG LI',
    `PID|1||P0001^^^SZPH&2.16.156.10011&ISO^MR~990000197001010018^^^CN^NI||${name}^^^^^^L||19700101|M|||${address}^^SHENZHEN^GUANGDONG^518020^CHN||19900000001^PRN^CP||CHI|M||A202611230001||||01^HAN^GB/T 3304`,
    'PD1|||COMMUNITY CENTRE^^1234|D1001^LI MING',
    'NK1|1|ZHANG WUJI|SON^SON||19900000011|||||||||||||||||||',
    `PV1|1|I|0301^02^15^SZPH^^^^^${ward}||||D1001^LI MING^^^^CHIEF||||||1|||D1001^LI MING|1|V202611230001^^^SZPH|01|||||||||||||||||||||||20261120093000`,
    'PV2|||CHEST PAIN^CHEST PAIN|||||20261120|20261127|7',
    'DG1|1||I20.900^ANGINA PECTORIS^ICD-10|||A|||||||||1|D1001^LI MING',
    'IN1|1|310^EMPLOYEE BASIC INSURANCE|440300^SHENZHEN INSURANCE BUREAU|||||||||20260101|20261231|||ZHANG SANFENG|SELF|19700101|DONGMEN NORTH ROAD',
    'AL1|1|DA^DRUG|J01CA04^AMOXICILLIN|MO|RASH',
  ]
    .join('\r')
    .concat('\r')
}

function oru(isChinese: boolean): string {
  const results = Array.from({ length: 30 }, (_, i) => {
    const test = isChinese ? `${6690 + i}-2^白细胞计数^LN` : `${6690 + i}-2^LEUKOCYTES^LN^WBC${i}^WBC^L`
    return `OBX|${i + 1}|NM|${test}||${i}.8|10*9/L^10*9/L^UCUM|3.5-9.5|${i % 3 === 0 ? 'H' : 'N'}|||F|||20261123091200||T5001^LIU YANG|||XN-9000`.replace(
      '|||XN-9000',
      '||XN-9000^SYSMEX',
    )
  })
  return [
    'MSH|^~\\&|LIS|SZPH|EMR|SZPH|20261123091530||ORU^R01^ORU_R01|LIS202611230000077|P|2.4|||AL|NE|CHN|UNICODE UTF-8',
    'PID|1||P0001^^^SZPH&2.16.156.10011&ISO^MR||OUYANG^RUOLAN^^^^^L||19700101|M',
    'PV1|1|I|0301^02^15^SZPH||||D1001^LI MING||||||1|||D1001^LI MING|1|V202611230001^^^SZPH',
    'ORC|RE|O20261123000123^HIS|R20261123000088^LIS||CM||||20261123091500',
    'OBR|1|O20261123000123^HIS|R20261123000088^LIS|58410-2^CBC PANEL^LN|||20261123084000|||||||20261123085000||D1001^LI MING||||||20261123091500||HM|F',
    ...results,
  ]
    .join('\r')
    .concat('\r')
}
