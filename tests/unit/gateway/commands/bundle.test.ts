import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, expect, it } from 'vitest'
import { madeTicket } from '../../../../fixtures/observed/tickets.ts'
import { known, openStore } from '../../../../gateway/app.ts'
import { bundle } from '../../../../gateway/commands/bundle.ts'
import { explain } from '../../../../gateway/commands/explain.ts'
import { report } from '../../../../gateway/commands/report.ts'
import { loadConfig } from '../../../../gateway/config/config.ts'
import { Failure } from '../../../../gateway/model/failure.ts'

const folder = mkdtempSync(join(tmpdir(), 'auscult-bundle-command-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const configFile = join(import.meta.dirname, '../../../../deploy/demo/auscult.yaml')
const data = join(folder, 'data')
const out = join(folder, 't1.zip')

async function store() {
  const { config } = await loadConfig(configFile, await known())
  if (config === null) throw new Error('the configuration of the demonstration is wrong')
  return openStore(config, data)
}

it('writes the evidence of a ticket where only its owner reads it, and says so in the audit', async () => {
  const before = await store()
  await before.openTicket(madeTicket('t1', 'i1'), 1)
  await before.close()
  expect(await bundle(['t1', '--config', configFile, '--data', data, '--out', out])).toBe(0)
  expect(statSync(out).mode & 0o077).toBe(0)
  expect(Object.keys(unzipSync(readFileSync(out)))).toContain('diagnosis.html')
  const after = await store()
  const [row] = (await after.audit({ limit: 1 })).items
  await after.close()
  expect(row).toMatchObject({ action: 'ticket bundle', subject: 't1', role: 'command' })
})

it('makes no installation where there is none', async () => {
  const nowhere = join(folder, 'nowhere')
  for (const run of [
    () => bundle(['t1', '--config', configFile, '--data', nowhere, '--out', out]),
    () => explain(['t1', '--config', configFile, '--data', nowhere]),
    () => report(['weekly', '--config', configFile, '--data', nowhere, '--out', join(folder, 'week.json')]),
  ])
    await expect(run()).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' })
  expect(existsSync(nowhere)).toBe(false)
})

it('says which ticket is not there, and what it needs', async () => {
  const codeOf = (run: Promise<number>) =>
    run.then(String, (error: unknown) => (error instanceof Failure ? error.code : String(error)))
  expect(await codeOf(bundle(['t404', '--config', configFile, '--data', data, '--out', out]))).toBe('TICKET_NOT_FOUND')
  expect(await codeOf(bundle(['t1', '--config', configFile, '--data', data]))).toBe('ARGUMENTS_INVALID')
  expect(await codeOf(bundle(['t1', '--config', configFile, '--data', data, '--out', join(folder, 'no/such/t1.zip')]))).toBe(
    'ARGUMENTS_INVALID',
  )
})
