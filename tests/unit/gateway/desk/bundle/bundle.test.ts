import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterEach, describe, expect, it } from 'vitest'
import { dawn, madeBatch, madeExchange } from '../../../../../fixtures/observed/made.ts'
import { madeIncident } from '../../../../../fixtures/observed/tickets.ts'
import { issueBearer } from '../../../../../gateway/desk/access/bearer.ts'
import type { Role } from '../../../../../gateway/desk/access/permissions.ts'
import { recordConfiguration } from '../../../../../gateway/desk/record-configuration.ts'
import type { PlannedChange } from '../../../../../gateway/model/change.ts'
import type { Store } from '../../../../../gateway/store/store.ts'
import { capturedInterface, exchangesOf } from '../../../../golden/captured.ts'
import { at, catalogue, type OpenDesk, openDesk, secrets, syntheticBatch } from '../open-desk.ts'

const card = '990000197001010018'
const folder = mkdtempSync(join(tmpdir(), 'auscult-bundle-'))
let open: OpenDesk | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

async function fresh(store?: (store: Store) => Store): Promise<OpenDesk> {
  open = await openDesk(store === undefined ? {} : { store })
  return open
}

/** A ticket about every synthetic message and a refused connection. */
async function ticketOf(desk: OpenDesk): Promise<string> {
  await desk.store.commit(syntheticBatch())
  const ids = (await desk.store.exchanges({ limit: 500 })).items.map(({ id }) => id).slice(0, 18)
  const exchange = madeExchange({ number: 300, outcome: 'unanswered' })
  await desk.store.commit(
    madeBatch([exchange], { incidents: [{ ...madeIncident('i1'), exchangeIds: [...ids, 'e-gone', exchange.exchange.id] }] }),
  )
  desk.clock.pass(1_000)
  await expect.poll(() => desk.store.unsweptIncidents(1)).toEqual([])
  return 't1'
}

async function download(desk: OpenDesk, path: string, role: Role = 'engineer') {
  const token = await issueBearer(secrets.key('bearer'), { role, ttlMs: 60_000, now: desk.clock.now() })
  const answer = await fetch(`${desk.base}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })
  return { status: answer.status, headers: answer.headers, bytes: new Uint8Array(await answer.arrayBuffer()) }
}

function parsed(bytes: Uint8Array | undefined): unknown {
  return JSON.parse(Buffer.from(bytes ?? []).toString())
}

describe('the evidence of a ticket', () => {
  it('holds what the manifest says, each file with its digest, and names what it leaves out', async () => {
    const desk = await fresh()
    const ticket = await ticketOf(desk)
    const { status, headers, bytes } = await download(desk, `/tickets/${ticket}/bundle`)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/zip')
    expect(headers.get('content-disposition')).toContain('t1-evidence.zip')
    const files = unzipSync(bytes)
    const manifest = parsed(files['manifest.json'])
    const listed = at(manifest, 'files')
    if (!Array.isArray(listed)) throw new Error('no files')
    expect(listed.map((file) => at(file, 'name')).sort()).toEqual(
      Object.keys(files)
        .filter((name) => name !== 'manifest.json')
        .sort(),
    )
    for (const file of listed) {
      const own = files[String(at(file, 'name'))] ?? new Uint8Array()
      expect(at(file, 'sha256')).toBe(createHash('sha256').update(own).digest('hex'))
      expect(at(file, 'bytes')).toBe(own.length)
    }
    expect(at(manifest, 'leftOut')).toContain('exchange e-gone: past its retention')
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(['diagnosis.html', 'diagnosis.json', 'timeline.json', 'what-changed.json', 'slice.pcapng']),
    )
    expect(at(parsed(files['what-changed.json']), 'traffic.0.interfaceId')).toBe('his-lis-lab-order')
    expect(Buffer.from(files['diagnosis.html'] ?? []).toString()).toContain('LIS refuses connections')
  })
  it('names the planned work and the new configuration that came before, of what the ticket is about', async () => {
    const desk = await fresh()
    await desk.store.commit(madeBatch([madeExchange({ number: 1 })], { incidents: [madeIncident('i1')] }))
    const upgrade: PlannedChange = {
      ...{ id: 'c1', revision: 1, title: '检验系统升级，联系人 13812345678', approval: 'CR-7', comment: '', by: 'wang' },
      ...{ interfaceIds: [], systemIds: ['lis'], fromAt: dawn - 7_200_000, toAt: dawn - 3_600_000, graceMs: 0 },
      ...{ endedAt: null, endedBy: null, madeAt: dawn - 86_400_000, snapshot: null, snapshotBefore: null },
      state: 'planned',
      origin: 'person',
    }
    await desk.store.savePlannedChange(upgrade, [])
    await desk.store.savePlannedChange({ ...upgrade, id: 'c2', systemIds: ['elsewhere'] }, [])
    await desk.store.savePlannedChange({ ...upgrade, id: 'c3', fromAt: dawn - 9e7, toAt: dawn - 8.9e7 }, [])
    const [slow, ...others] = catalogue.interfaces
    if (slow === undefined) throw new Error('the catalogue is empty')
    const objectives = { ...slow.objectives, latencyP95Ms: 1_200 }
    await recordConfiguration(desk.store, { ...catalogue, interfaces: [{ ...slow, objectives }, ...others] }, dawn - 1_800_000)
    desk.clock.pass(1_000)
    await expect.poll(() => desk.store.unsweptIncidents(1)).toEqual([])
    const files = unzipSync((await download(desk, '/tickets/t1/bundle')).bytes)
    const changes = at(parsed(files['what-changed.json']), 'changes')
    expect(changes).toMatchObject([
      { id: 'c1', origin: 'person', to: '2026-11-23T07:00:00.000+08:00', approval: 'CR-7', state: 'planned' },
      {
        origin: 'configuration',
        interfaceIds: ['his-lis-lab-order'],
        differences: [
          {
            of: 'his-lis-lab-order',
            what: 'objectives',
            before: '{"successRate":0.995,"latencyP95Ms":800}',
            after: '{"successRate":0.995,"latencyP95Ms":1200}',
          },
        ],
      },
    ])
    const page = Buffer.from(files['diagnosis.html'] ?? []).toString()
    for (const words of ['检验系统升级', 'CR-7', 'latencyP95Ms&quot;:1200']) expect(page).toContain(words)
    expect(page + JSON.stringify(changes)).not.toContain('13812345678')
  })
  it('is masked in every file, the capture and what people wrote among them', async () => {
    const desk = await fresh()
    const ticket = await ticketOf(desk)
    await desk.ask('engineer', `/tickets/${ticket}/comment`, { text: `same as ${card}` })
    const files = unzipSync((await download(desk, `/tickets/${ticket}/bundle`)).bytes)
    expect(Object.keys(files).filter((name) => name.startsWith('messages/')).length).toBeGreaterThan(20)
    for (const [name, bytes] of Object.entries(files)) {
      const text = Buffer.from(bytes).toString()
      for (const secret of [card, '张三丰', '19900000001', '欧阳若兰'])
        expect(text.includes(secret), `${secret} in ${name}`).toBe(false)
    }
    expect(Buffer.from(files['timeline.json'] ?? []).toString()).toContain('same as **')
  })
  it('has a capture that reads back as the exchanges it was made of', async () => {
    const desk = await fresh()
    const files = unzipSync((await download(desk, `/tickets/${await ticketOf(desk)}/bundle`)).bytes)
    const file = join(folder, 'slice.pcapng')
    writeFileSync(file, files['slice.pcapng'] ?? new Uint8Array())
    const { exchanges } = await exchangesOf([file], capturedInterface('mllp'))
    expect(exchanges.length).toBeGreaterThanOrEqual(18)
    // Not every message of the fixtures has a patient.
    expect(exchanges.filter(({ request }) => request?.body.includes(0x2a)).length).toBeGreaterThan(12)
    rmSync(folder, { recursive: true, force: true })
  })
  it('is audited before it is made: no audit, no bundle', async () => {
    const desk = await fresh((store) => ({
      ...store,
      appendAudit: async (row) => {
        if (row.action === 'ticket bundle' && row.role === 'desk') throw new Error('the disk is full')
        await store.appendAudit(row)
      },
    }))
    const ticket = await ticketOf(desk)
    expect((await download(desk, `/tickets/${ticket}/bundle`, 'desk')).status).toBe(500)
    expect((await download(desk, `/tickets/${ticket}/bundle`)).status).toBe(200)
    const { json } = await desk.ask('auditor', '/audit')
    expect(at(json, 'items.1')).toMatchObject({
      action: 'ticket bundle',
      subject: 't1',
      by: 'token:engineer',
      address: '127.0.0.1',
    })
    expect((await download(desk, `/tickets/${ticket}/bundle`, 'viewer')).status).toBe(403)
    expect((await download(desk, '/tickets/t404/bundle')).status).toBe(404)
  })
})
