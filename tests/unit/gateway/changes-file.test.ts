import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readChangesFile } from '../../../gateway/changes-file.ts'
import { Failure } from '../../../gateway/model/failure.ts'
import { catalogue } from './desk/open-desk.ts'

const folder = mkdtempSync(join(tmpdir(), 'auscult-changes-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function read(yaml: string) {
  const file = join(folder, 'changes.yaml')
  writeFileSync(file, yaml)
  return readChangesFile(file, catalogue)
}

function refusal(yaml: string): string {
  try {
    read(yaml)
  } catch (error) {
    if (error instanceof Failure) return `${error.code} ${error.place.line} ${error.place.key ?? ''}: ${error.message}`
    throw error
  }
  return 'taken'
}

const window = `changes:
  - approval: CR-2026-118
    from: 2026-11-23T22:00:00+08:00
    to: 2026-11-23T23:30:00+08:00
`

it('takes planned changes and silences in the words of the API', () => {
  const yaml = `${window}    systemIds: [lis]
    by: 王工
    graceMin: 0
silences:
  - { from: "2026-11-23T12:00Z", minutes: 30, interfaceIds: [quiet], cause: silent }
`
  expect(read(yaml)).toMatchObject([
    {
      kind: 'change',
      change: { id: 'c1', fromAt: Date.UTC(2026, 10, 23, 14), toAt: Date.UTC(2026, 10, 23, 15, 30), graceMs: 0, by: '王工' },
    },
    { kind: 'silence', silence: { untilAt: Date.UTC(2026, 10, 23, 12, 30), cause: 'silent', interfaceIds: ['quiet'] } },
  ])
  expect(read(`${window}    interfaceIds: [quiet]\n`)).toMatchObject([{ change: { graceMs: 600_000 } }])
})

it.each([
  [
    'no zone',
    `${window}    interfaceIds: [quiet]\n`.replace('23:30:00+08:00', '23:30:00'),
    /^CHANGES_INVALID 4 changes\[0\]\.to: must be: a time with its zone/,
  ],
  [
    'an end before its begin',
    `${window}    interfaceIds: [quiet]\n`.replace('T23:30', 'T21:30'),
    /^CHANGES_INVALID 4 changes\[0\]\.to: must lie after/,
  ],
  ['nothing that it is about', window, /^CHANGES_INVALID 2 changes\[0\]: must name at least one/],
  [
    'an interface that nobody has',
    `${window}    interfaceIds: [quiet, lsi]\n`,
    /^CHANGES_INVALID 5 changes\[0\]\.interfaceIds\[1\]: no interface "lsi"/,
  ],
  ['a system that nobody has', `${window}    systemIds: [pacs]\n`, /^CHANGES_INVALID 5 .*no system or resource "pacs"/],
  ['an unknown key', `${window}    interfaces: [quiet]\n`, /^CHANGES_INVALID 5 .*unknown key "interfaces"/],
  ['no YAML', 'changes: [', /^CHANGES_INVALID 1 /],
])('says what is wrong and where: %s', (_, yaml, said) => {
  expect(refusal(yaml)).toMatch(said)
})

it('says so when there is no such file', () => {
  expect(() => readChangesFile(join(folder, 'none.yaml'), catalogue)).toThrow('cannot be read')
})
