import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { hl7v2 } from '../../../../adapters/formats/hl7v2/hl7v2.ts'
import { standardContract } from '../../../../contracts/hl7v2/standard.ts'
import type { Violation } from '../../../../gateway/model/violation.ts'

const root = new URL('../../../../fixtures/messages/', import.meta.url)
const hints = { at: Date.UTC(2026, 10, 23), timezone: 'Asia/Shanghai' }
const standard = standardContract(null)

function check(folder: string, file: string): readonly Violation[] {
  return standard.check(hl7v2.read(readFileSync(new URL(`${folder}/${file}`, root)), hints), 'request')
}

function hl7Files(folder: string): readonly string[] {
  return readdirSync(new URL(folder, root)).filter((name) => name.endsWith('.hl7'))
}

function isHeard(violations: readonly Violation[]): boolean {
  return violations.some(({ severity }) => severity !== 'observe')
}

describe('what the standard itself requires', () => {
  it.each([
    'Test__Message__empty',
    'Test__Message__msh_present_but_missing_all_fields',
    'Test__Message__msh_present_but_missing_msh-2',
  ])('is a ticket where a message cannot be read at all: %s', (name) => {
    expect(check('cdc-trusted-intermediary', `${name}.hl7`).some(({ severity }) => severity === 'ticket')).toBe(true)
  })

  it.each([
    ['Test__Message__msh_present_but_missing_msh-9', 'required', 'MSH-9'],
    ['Test__Message__msh_present_but_missing_msh-10', 'required', 'MSH-10'],
    ['Test__Message__msh_present_but_missing_msh-6', 'required', 'ORC'],
    ['Test__Message__orm_obx-5_is_not_a_numeric_value', 'type', 'OBX-5'],
    ['Test__Orders__006_AL_ORM_O01_NBS_Incorrect_Data_Types_0_initial_message', 'type', 'OBX[2]-5'],
    ['Test__Orders__011_AL_ORM_O01_malformed_DTM_datatype_0_initial_message', 'type', 'OBX-5'],
  ])('hears %s: %s %s', (name, rule, element) => {
    const found = check('cdc-trusted-intermediary', `${name}.hl7`).filter(({ severity }) => severity !== 'observe')
    expect(found.map((violation) => `${violation.rule} ${violation.element}`)).toContain(
      `${rule} ${element.replace(/\[\d+\]/u, '')}`,
    )
  })

  it('hears the invalid case notification, and not the valid one', () => {
    expect(isHeard(check('cdc-data-exchange', 'Invalid-GenV1-0-Case-Notification.hl7'))).toBe(true)
    expect(isHeard(check('cdc-data-exchange', 'Valid-GenV1-0-Case-Notification.hl7'))).toBe(false)
  })

  it.each([
    // Most of what is heard there: PD1-17 with two dates in one, TQ1-4 with colons, message kinds with missing groups.
    ['microsoft-fhir-converter', 0.5],
    // Files that were written to conform; the eight that are heard lack a required segment or write a number as text.
    ['balneario-conformance', 0.08],
    ['cdc-data-exchange', 0.1],
    // A third of them are wrong on purpose.
    ['cdc-trusted-intermediary', 0.3],
    ['zh-synthetic', 0.25],
  ])('is quiet on %s: at most a share of %d is heard', (folder, share) => {
    const files = hl7Files(folder)
    const heard = files.filter((file) => isHeard(check(folder, file)))
    expect(heard.length / files.length).toBeLessThanOrEqual(share)
  })

  it('never weighs a liberty as a ticket', () => {
    for (const folder of ['balneario-conformance', 'microsoft-fhir-converter', 'zh-synthetic', 'cdc-data-exchange']) {
      for (const file of hl7Files(folder)) {
        expect(
          check(folder, file).filter(({ severity }) => severity === 'ticket'),
          file,
        ).toEqual([])
      }
    }
  })

  it('takes its own version where a message states none', () => {
    const text = 'MSH|^~\\&|A|B|C|D|20261123||ORU^R01|1|P\rPID|1||1||x\rOBR|1|||a\rSPM|1'
    const found = (version: string) =>
      standardContract(version)
        .check(hl7v2.read(new TextEncoder().encode(text), hints), 'request')
        .map(({ rule, element }) => `${rule} ${element}`)
    expect(found('2.3.1')).toContain('unknown-segment SPM')
    expect(found('2.5.1')).not.toContain('unknown-segment SPM')
  })
})
