import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { root, run } from './child.ts'

const folder = mkdtempSync(join(tmpdir(), 'auscult-contract-'))
const cli = join(root, 'gateway/cli.ts')
const config = join(root, 'gateway/catalogue/szph.yaml')
const messages = join(root, 'fixtures/messages/simhospital')
const id = 'his-esb-adt'
const learnt = join(folder, 'learnt.yaml')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function contract(...args: readonly string[]) {
  const child = run([cli, 'contract', ...args])
  const code = await new Promise<number | null>((resolve) => child.process.on('close', resolve))
  return { code, output: child.output(), errors: child.errors() }
}

describe('auscult contract', { timeout: 120_000 }, () => {
  it('infers: the same text each time, and one that its traffic keeps', async () => {
    const { code, errors } = await contract('infer', messages, '--config', config, '--interface', id, '--out', learnt)
    expect({ code, errors }).toEqual({ code: 0, errors: `auscult: learnt from 1013 messages of ${id}\n` })
    const again = await contract('infer', messages, '--config', config, '--interface', id)
    expect(again.output).toBe(readFileSync(learnt, 'utf8').trimEnd().concat('\n'))
    const checked = await contract('check', learnt, messages, '--fail-on', 'ticket')
    // Three of the thousand are of types that came too seldom to be agreed on.
    expect(checked).toMatchObject({ code: 1, errors: expect.stringContaining('(ticket 3, warn 0, observe ') })
  })

  it('infers from captures of DICOM: commands and classes, and what their data sets fill', async () => {
    const own = join(folder, 'dicom.yaml')
    writeFileSync(
      own,
      [
        'systems: [{ id: ct }, { id: pacs }]',
        'interfaces:',
        '  - { id: ct-pacs, from: ct, to: pacs, protocol: dimse, format: dicom, source: { capture: { acceptor: "*:0" } } }',
      ].join('\n'),
    )
    const captures = ['dimse-15-qr-store-two-studies', 'dimse-12-mwl-cfind-gb18030-utf8'].map((name) =>
      join(root, `fixtures/captures/${name}.pcap`),
    )
    const { code, output, errors } = await contract(
      'infer',
      ...captures,
      '--config',
      own,
      '--interface',
      'ct-pacs',
      '--sure-after',
      '3',
    )
    expect({ code, errors }).toMatchObject({ code: 0, errors: expect.stringContaining('messages of ct-pacs') })
    expect(output).toContain('C-FIND-RSP Modality Worklist Information Model - FIND:')
    expect(output).toMatch(/ScheduledProcedureStepSequence\.Modality: "1" # 4\/4/)
    expect(output).toMatch(/PatientID: "1"/)
  })

  it('says how two differ, and fails where a program may break', async () => {
    const other = join(folder, 'other.yaml')
    const text = readFileSync(learnt, 'utf8')
    writeFileSync(other, text.replace(/^ {6}EVN-1: .*$/m, '      EVN-1: RE'))
    const same = await contract('diff', learnt, learnt, '--fail-on', 'breaking')
    expect(same).toMatchObject({ code: 0, output: '' })
    const { code, output } = await contract('diff', learnt, other, '--fail-on', 'breaking')
    expect(code).toBe(1)
    expect(output).toContain(
      'breaks receiver: ADT^A01 EVN-1:由必填改为有则必填 / ADT^A01 EVN-1: was required, is required when known now',
    )
    const json: unknown = JSON.parse((await contract('diff', learnt, other, '--json')).output)
    expect(json).toMatchObject({
      changes: expect.arrayContaining([expect.objectContaining({ element: 'EVN-1', breaking: ['receiver'] })]),
    })
  })

  it('names file, line and path of each violation, and no value', async () => {
    const file = join(folder, 'broken.hl7')
    writeFileSync(
      file,
      ['MSH|^~\\&|HIS|SZPH|LIS|SZPH|20261123081500||OML^O21|X1|P|2.5.1', 'PID|1||P0001^^^SZPH^MR||张三', 'PV1|1|I'].join('\r'),
    )
    const { code, output } = await contract('check', 'his-lis-lab-order', file, '--fail-on', 'ticket')
    expect(code).toBe(1)
    expect(output).toMatch(/broken\.hl7:3: ticket required PV1-19: /)
    expect(output).not.toMatch(/P0001|张三/)
    const body = join(folder, 'body.json')
    writeFileSync(body, '{\n  "requestId": "R1",\n  "scene": "NOWHERE"\n}\n')
    const json = await contract('check', 'emr-cdss-rx-check', body, '--route', 'POST /api/rx/check', '--json')
    expect(JSON.parse(json.output)).toMatchObject({
      violations: expect.arrayContaining([expect.objectContaining({ path: 'scene', rule: 'table', line: 3, file: body })]),
    })
  })

  it('says what it would have ticketed', async () => {
    const { code, output } = await contract('backtest', id, messages, '--config', config, '--json', '--fail-on', 'ticket')
    const json: unknown = JSON.parse(output)
    expect(code).toBe(1)
    expect(json).toMatchObject({ contract: id, exchanges: 1013, violating: 1013, unreadable: 0, tickets: [{}] })
  })

  it.each([
    [['nothing'], /say what to do/],
    [['infer', '--config', config], /no input/],
    [['infer', messages, '--config', config], /--interface is missing/],
    [['infer', messages, '--config', config, '--interface', 'nobody'], /no interface "nobody"/],
    [['infer', messages, '--config', config, '--interface', id, '--sure-after', '1'], /--sure-after takes/],
    [['diff', id], /two contracts/],
    [['diff', id, 'emr-cdss-rx-check'], /can't be compared/],
    [['diff', 'none', id], /there is no contract "none"/],
    [['check', id, join(folder, 'none')], /no such file/],
    [['backtest', id, '--config', config, '--days', '0'], /--days takes/],
  ])('%j is refused in one line', async (args, says) => {
    const { code, output, errors } = await contract(...args)
    expect({ code, output }).toEqual({ code: 2, output: '' })
    expect(errors).toMatch(says)
    expect(errors.trimEnd().split('\n').length).toBe(1)
  })
})
