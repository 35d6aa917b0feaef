import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openChannel } from '../../gateway/desk/notices/channels/open-channel.ts'
import type { Notice } from '../../gateway/model/notice.ts'
import { freePort } from '../support/ports.ts'
import { missingPeers } from './missing.ts'

const program = 'prometheus-alertmanager'

describe.skipIf(missingPeers([[program, '--version']]) !== null)('Alertmanager', () => {
  const folder = mkdtempSync(join(tmpdir(), 'auscult-alertmanager-'))
  let child: ChildProcess
  let url = ''
  beforeAll(async () => {
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    writeFileSync(join(folder, 'am.yml'), 'route: { receiver: none }\nreceivers: [{ name: none }]\n')
    child = spawn(
      program,
      [
        `--config.file=${join(folder, 'am.yml')}`,
        `--storage.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
      ],
      { stdio: 'ignore' },
    )
    await until(async () => {
      const answer = await fetch(`${url}/-/ready`).catch(() => null)
      return answer?.ok === true
    })
  })
  afterAll(async () => {
    child.kill()
    if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve))
    rmSync(folder, { recursive: true, force: true })
  })

  it('shows a first notice as one alert however often it comes, and ends it with the recovery', async () => {
    const channel = openChannel({ kind: 'alertmanager', name: 'am', language: 'zh', url, bearer: null })
    const never = new AbortController().signal
    const now = Date.now()
    const first: Notice = {
      id: 't1/first/1',
      kind: 'first',
      ticketId: 't1',
      at: now - 60_000,
      severity: 'P1',
      interfaceIds: ['his-lis-lab-order'],
      title: { zh: '检验系统拒绝连接', en: 'LIS refuses connections' },
      body: { zh: '文', en: 'body' },
    }
    await channel.send(first, now, never)
    await channel.send(first, now, never)
    const shown = await alerts(url)
    expect(shown).toMatchObject([
      { labels: { alertname: 'AuscultTicket', ticket: 't1', severity: 'P1' }, annotations: { summary: '检验系统拒绝连接' } },
    ])
    await channel.send({ ...first, kind: 'recovered', id: 't1/recovered/1', at: now - 1_000 }, now, never)
    await until(async () => (await alerts(url)).length === 0)
    await channel.send({ ...first, kind: 'overdue', id: 't1/overdue/1', at: now }, now, never)
    expect(await alerts(url)).toMatchObject([{ labels: { alertname: 'AuscultNotice', kind: 'overdue' } }])
  })
})

/** Patience is the test's own time. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await delay(100)
}

async function alerts(url: string): Promise<readonly unknown[]> {
  const listed: unknown = await (await fetch(`${url}/api/v2/alerts?active=true`)).json()
  return Array.isArray(listed) ? listed : []
}

/** Alertmanager takes no port 0: one that was free a moment ago. */
