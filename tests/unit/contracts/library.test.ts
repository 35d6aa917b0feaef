import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { hl7v2 } from '../../../adapters/formats/hl7v2/hl7v2.ts'
import { parseContract } from '../../../contracts/hl7v2/read.ts'
import { libraryIds, loadContract } from '../../../contracts/library.ts'
import { compileContractFile, libraryFolder, readContractFile } from '../../../gateway/contract-files.ts'

const folder = new URL('../../../fixtures/messages/zh-synthetic/', import.meta.url)
const files = readdirSync(folder)
const hints = { at: Date.UTC(2026, 10, 23), timezone: 'Asia/Shanghai' }

/** The messages of `fixtures/messages/zh-synthetic` that belong to each contract, by their number. */
const sound: { readonly [id: string]: readonly string[] } = {
  'his-lis-lab-order': ['01', '02', '31', '34'],
  'lis-emr-lab-result': ['03', '04', '35', '36', '42', '43', '44', '45'],
  'lis-tijian-result': ['05', '06'],
  'his-ris-exam-order': ['07', '33'],
  'ris-pacs-procedure': ['08'],
  'his-aims-surgery': ['17', '18', '25'],
  'his-bis-blood': ['22', '23', '24'],
  'icu-device-observation': ['26'],
  'his-esb-adt': ['11', '12', '13', '14', '15', '16'],
}

function check(id: string, number: string, change: (text: string) => string = (text) => text): string[] {
  const file = files.find((name) => name.startsWith(`${number}_`)) ?? ''
  const bytes = readFileSync(new URL(file, folder))
  const changed = new TextEncoder().encode(change(new TextDecoder().decode(bytes)))
  const isSame = change('x|') === 'x|'
  const side = /_ACK_|_ORL_/u.test(file) ? 'answer' : 'request'
  const violations = compileContractFile(id, '.').check(hl7v2.read(isSame ? bytes : changed, hints), side)
  return violations.map(({ severity, rule, path }) => `${severity} ${rule} ${path}`)
}

describe('the contracts of the library', () => {
  it.each(libraryIds)('%s can be read', (id) => {
    expect(compileContractFile(id, '.').id).toBe(id)
    expect(readContractFile(id, '.').text).toMatch(/^title: \{ zh: .*\p{Script=Han}.*, en: .+ \}$/mu)
  })

  it.each(Object.keys(sound))('%s says what HL7 acknowledgments are', (id) => {
    const { text, path } = readContractFile(id, '.')
    const contract = parseContract(text, path)
    expect(contract.id).toBe(id)
    expect(contract.title.zh).toMatch(/\p{Script=Han}/u)
    expect(contract.messages.length).toBeGreaterThan(1)
    expect(contract.messages.some(({ type }) => type === 'ACK')).toBe(true)
  })

  it.each(
    Object.entries(sound).flatMap(([id, numbers]) => numbers.map((number) => [id, number] as const)),
  )('%s has nothing to say of message %s', (id, number) => {
    expect(check(id, number)).toEqual([])
  })

  it.each([
    ['37', 'ticket charset MSH-18'],
    ['38', 'ticket charset MSH-18'],
    ['39', 'ticket charset MSH-18'],
    ['40', 'ticket charset MSH-18'],
    ['41', 'ticket charset MSH-18'],
  ])('lis-emr-lab-result flags message %s for its character set', (number, expected) => {
    expect(check('lis-emr-lab-result', number)).toContain(expected)
  })

  it.each([
    ['an order without a patient number', 'his-lis-lab-order', '01', 'P0001^^^SZPH', '^^^SZPH', 'ticket required PID-3[1].1'],
    ['an order without its visit', 'his-lis-lab-order', '01', '|01^城镇职工基本医疗保险', '|', 'ticket required PV1-19'],
    ['an unknown order control', 'his-lis-lab-order', '01', 'ORC|NW', 'ORC|QQ', 'warn table ORC-1'],
    ['text in a number', 'lis-emr-lab-result', '03', '||11.8|', '||溶血|', 'ticket type OBX[1]-5'],
    ['a number without a unit', 'lis-emr-lab-result', '03', '10*9/L^10*9/L^UCUM', '', 'ticket required OBX[1]-6'],
    ['a final result without a value', 'lis-emr-lab-result', '03', '||11.8|', '|||', 'ticket condition OBX[1]-5'],
    ['a check-up time without seconds', 'lis-tijian-result', '05', '20261123080500', '202611230805', 'warn format OBR-7'],
    ['a merge without the old number', 'his-esb-adt', '15', 'P9001^^^SZPH', '^^^SZPH', 'ticket required MRG-1.1'],
    ['an inpatient without a bed', 'his-esb-adt', '11', '0301^02^15', '0301^02^', 'warn condition PV1-3'],
    ['a study without its UID', 'ris-pacs-procedure', '08', '2.25.1001', '', 'ticket required ZDS-1.1'],
    ['no ZDS at all', 'ris-pacs-procedure', '08', 'ZDS|', 'ZZS|', 'ticket required ZDS'],
    [
      'a device time without zone',
      'icu-device-observation',
      '26',
      '20261123110005+0800',
      '20261123110005',
      'observe format MSH-7',
    ],
    ['a bag without its number', 'his-bis-blood', '23', '=W1234260000120', '', 'ticket required BPX-5.1'],
  ])('finds %s', (_, id, number, from, to, expected) => {
    expect(check(id, number)).not.toContain(expected)
    expect(check(id, number, (text) => text.replace(from, to).replace('x|', 'y|'))).toContain(expected)
  })

  it('names the file that is not there, and one whose id is another', () => {
    const load = (name: string, text: string | null) => () => loadContract(name, libraryFolder, () => text)
    expect(load('nothing', null)).toThrow('there is no contract "nothing"')
    const short = 'contract: other\nversion: 1\ntitle: { zh: 短, en: Short }\nformat: hl7v2\nmessages: { ACK: {} }\n'
    expect(load('mine', short)).toThrow('its contract is other')
    expect(load('./mine.yaml', short)).not.toThrow()
    expect(() => readContractFile('./nowhere.yaml', '/')).toThrow('there is no contract')
  })
})
