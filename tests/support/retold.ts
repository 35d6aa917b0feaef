import { gunzipSync, gzipSync } from 'node:zlib'
import { element, stretchesOf, writeElement } from '../../fixtures/hospital/dicom/elements.ts'
import { encodeText } from '../../fixtures/hospital/messages/encode.ts'
import type { Person } from '../../fixtures/hospital/people.ts'
import type { Exchange, Passage } from '../../gateway/model/exchange.ts'

/** What is written into a message besides: in words, what it says of these people; and a result beside a name that gives a sensitive category away. */
export interface Retelling {
  readonly people: readonly Person[]
  /** All that can be read of the message: a name or a date that stands nowhere else in it could be known by nobody. */
  readonly raw: string
  readonly sensitiveResult: string | null
}

/** The exchange with more in its first body, at places that no format knows: as people write into remarks what stands in fields already. */
export function retold(exchange: Exchange, format: string, told: Retelling): Exchange {
  const { request, answers } = exchange
  const more = <P extends Passage>(passage: P): P => {
    const write = writers[format]
    if (passage.body.length === 0 || write === undefined) return passage
    const isZipped = passage.envelope?.some(([name, value]) => name === 'content-encoding' && value === 'gzip') === true
    const body = isZipped ? gzipSync(write(gunzipSync(passage.body), told)) : write(passage.body, told)
    return { ...passage, body, bodyBytes: body.length }
  }
  if (request !== null && request.body.length > 0) return { ...exchange, request: more(request) }
  return { ...exchange, answers: answers.map(more) }
}

type Writer = (body: Uint8Array, told: Retelling) => Uint8Array

const writers: { readonly [format: string]: Writer } = {
  hl7v2: (body, told) => {
    const isUtf8 = isValid(body)
    const lines = [
      ...wordsOf(told).map((words, n) => `NTE|${n + 7}|L|${words}`),
      ...(told.sensitiveResult === null
        ? []
        : ['OBR|9|||HIVAB^HIV抗体初筛^L', `OBX|1|ST|HIVAB^HIV抗体^L||${told.sensitiveResult}`]),
    ]
    return Buffer.concat([body, encodeText(lines.map((line) => `${line}\r`).join(''), isUtf8 ? 'utf-8' : 'gb18030')])
  },
  json: (body, told) => {
    const text = new TextDecoder().decode(body)
    if (!text.startsWith('{')) return text.startsWith('[') ? body : rowsWith(body, told)
    return jsonWith(text, {
      ...(told.people.length === 0 ? {} : { memo: wordsOf(told) }),
      ...(told.sensitiveResult === null ? {} : { more: { itemName: 'HIV抗体初筛', itemValue: told.sensitiveResult } }),
    })
  },
  fhir: (body, told) =>
    jsonWith(new TextDecoder().decode(body), {
      ...(told.people.length === 0 ? {} : { description: wordsOf(told).join(';') }),
      ...(told.sensitiveResult === null ? {} : { reasonCode: { text: 'HIV抗体初筛' }, valueString: told.sensitiveResult }),
    }),
  soap: (body, told) => {
    const text = new TextDecoder().decode(body)
    const more = [
      ...wordsOf(told).map((words) => `<memo>${words}</memo>`),
      ...(told.sensitiveResult === null
        ? []
        : [`<more><itemName>HIV抗体初筛</itemName><itemValue>${told.sensitiveResult}</itemValue></more>`]),
    ]
    return Buffer.from(text.replace('</soapenv:Body>', `${more.join('')}</soapenv:Body>`))
  },
  dicom: (body, told) => {
    // A multipart of DICOMweb, a search or an answer in JSON: left as it is.
    if (!isDataSet(body)) return body
    const more = [
      ...(told.people.length === 0 ? [] : [element(0x00081080, 'LO', wordsOf(told).join('\\'))]),
      ...(told.sensitiveResult === null
        ? []
        : [element(0x00321060, 'LO', 'HIV抗体初筛'), element(0x00400254, 'LO', told.sensitiveResult)]),
    ].map((one) => ({ tag: one.tag, bytes: writeElement(one, { explicit: true, charset: 'utf-8' }) }))
    const tags = new Set(more.map(({ tag }) => tag))
    const kept = stretchesOf(body).filter(({ tag }) => !tags.has(tag))
    return Buffer.concat([...kept, ...more].sort((a, b) => a.tag - b.tag).map(({ bytes }) => bytes))
  },
}

/** As people write: full-width digits, blanks between, other forms of a date, small letters. */
function wordsOf({ people, raw }: Retelling): readonly string[] {
  return people.slice(0, 3).flatMap((person) => {
    const { idNumber, phone, address, birthDate } = person
    const [year, month, day] = [birthDate.slice(0, 4), birthDate.slice(4, 6), birthDate.slice(6)]
    const wide = (text: string) => text.replace(/[0-9A-Z]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))
    const isBornHere = raw.includes(birthDate) || raw.includes(`${year}-${month}-${day}`)
    const born = (words: string) => (isBornHere ? words : '')
    const name = raw.includes(person.name) ? person.name : '某某'
    const mrn = raw.includes(person.mrn) ? person.mrn : ''
    return [
      `患者${name}（${mrn}）身份证${idNumber}电话${phone}，${born(`${year}年${Number(month)}月${Number(day)}日生`)}，住${address}`,
      `病历号${mrn.toLowerCase()} ${wide(mrn)} 证件${idNumber.toLowerCase()} ${wide(idNumber)} 手机${phone.slice(0, 3)} ${phone.slice(3, 7)} ${phone.slice(7)}`,
      `${[...name].join('　')} ${[...name].join(' ')} ${born(`${year}-${month}-${day} ${year}/${month}/${day} ${birthDate} ${year}.${month}.${day}`)} +86-${phone}`,
    ]
  })
}

/** A column of remarks more in the file's header and in the rows of its first people. */
function rowsWith(body: Uint8Array, told: Retelling): Uint8Array {
  const words = wordsOf(told)
  const lines = new TextDecoder('gb18030').decode(body).split('\r\n')
  const more = lines.map((line, n) => {
    if (line === '') return line
    if (n === 0) return `${line},备注,检验项目,检验值`
    const item = told.sensitiveResult === null || n > 1 ? ',' : `HIV抗体初筛,${told.sensitiveResult}`
    return `${line},${(words[n - 1] ?? '').replaceAll(',', ' ')},${item}`
  })
  return encodeText(more.join('\r\n'), 'gb18030')
}

function jsonWith(text: string, more: object): Uint8Array {
  const value: unknown = JSON.parse(text)
  return Buffer.from(JSON.stringify({ ...(typeof value === 'object' ? value : {}), ...more }))
}

function isValid(body: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(body)
    return true
  } catch {
    return false
  }
}

/** Explicit VR little endian begins with group 0008. */
function isDataSet(body: Uint8Array): boolean {
  return body[0] === 0x08 && body[1] === 0x00
}
