import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { dawn } from '../../../../../fixtures/observed/made.ts'
import { systemClock } from '../../../../../gateway/clock.ts'
import type { Binding } from '../../../../../gateway/desk/api/bind.ts'
import { routes } from '../../../../../gateway/desk/api/openapi.ts'
import { nothing } from '../../../../../gateway/desk/api/route.ts'
import { readAnchors } from '../../../../../gateway/desk/audit/anchor-line.ts'
import { type Anchor, fileAnchor, syslogAnchor } from '../../../../../gateway/desk/audit/anchors.ts'
import { atnaDocument } from '../../../../../gateway/desk/audit/atna.ts'
import { createAuditedReads } from '../../../../../gateway/desk/audit/audited.ts'
import { isSignedBy, signCheckpoint, signingKeysFrom } from '../../../../../gateway/store/audit-chain.ts'
import type { AuditRow } from '../../../../../gateway/store/audit-store.ts'
import { at, type OpenDesk, openDesk, secrets, syntheticBatch } from '../open-desk.ts'

let opened: OpenDesk[] = []
const folders: string[] = []
async function fresh(options: Parameters<typeof openDesk>[0] = {}): Promise<OpenDesk> {
  const open = await openDesk(options)
  opened.push(open)
  return open
}
afterEach(async () => {
  for (const open of opened) await open.close()
  opened = []
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'auscult-audit-'))
  folders.push(made)
  return made
}

const keys = signingKeysFrom(secrets.key('checkpoints'))
const checkpoint = (number: number) => signCheckpoint(keys, { number, hash: String(number % 10).repeat(64), at: dawn + number })

async function actions(open: OpenDesk): Promise<readonly string[]> {
  return (await open.store.audit({ limit: 50 })).items.map(({ action }) => action)
}

describe('what is read', () => {
  it('is written down before it is answered, with a pseudonym where somebody was searched for', async () => {
    const open = await fresh()
    await open.store.commit(syntheticBatch())
    const id = 'e1-1795392000000-1'
    await open.ask('viewer', `/exchanges/${id}/message?side=answer`)
    await open.ask('viewer', '/exchanges?key=p0001')
    await open.ask('viewer', '/exchanges?q=Ｐ0001&limit=1')
    await open.ask('viewer', '/journeys?key=P0001')
    await open.ask('viewer', '/exchanges')
    await open.ask('viewer', `/exchanges/${id}`)
    const { items } = await open.store.audit({ limit: 50 })
    expect(items.map(({ action }) => action)).toEqual([
      'search journeys',
      'search exchanges',
      'search exchanges',
      'view answer',
      'start',
    ])
    const searched = new Set(items.slice(0, 3).map(({ subject }) => subject))
    expect(searched.size).toBe(1)
    expect([...searched][0]).toMatch(/^~[0-9a-z]{8}$/)
    expect(items[3]).toMatchObject({ by: 'token:viewer', role: 'viewer', subject: id, address: '127.0.0.1', outcome: 'done' })
    expect(JSON.stringify(items)).not.toMatch(/p0001/i)
  })
  it('is not answered when it can not be written', async () => {
    let isBroken = false
    const open = await fresh({
      store: (store) => ({
        ...store,
        appendAudit: (row: AuditRow) => (isBroken ? Promise.reject(new Error('gone')) : store.appendAudit(row)),
      }),
    })
    await open.store.commit(syntheticBatch())
    isBroken = true
    for (const path of ['/exchanges/e1-1795392000000-1/message', '/exchanges?key=P0001', '/journeys?key=P0001', '/audit']) {
      const { status, json } = await open.ask(path === '/audit' ? 'auditor' : 'viewer', path)
      expect([path, status, at(json, 'code')]).toEqual([path, 500, 'INTERNAL'])
    }
    expect((await open.ask('viewer', '/interfaces')).status).toBe(200)
  })
  it('is written down as refused where the role may not', async () => {
    const open = await fresh()
    await open.ask('viewer', '/audit')
    expect((await open.store.audit({ limit: 1 })).items[0]).toMatchObject({
      by: 'token:viewer',
      action: 'get /audit',
      outcome: 'refused',
    })
  })
})

describe('a route that somebody adds', () => {
  const audited = createAuditedReads(() => '~')
  const asked = (route: object, params = {}) => {
    const binding: Binding = {
      route: { ...routes.overview, query: nothing, body: nothing, ...route },
      answer: async () => null,
    }
    return audited(binding, { params, query: {} })
  }
  it('is in the audit when it writes, or gives a file away', () => {
    const changes = { method: 'post', path: '/changes/{id}/approve', permission: 'changes.write' }
    expect(asked(changes, { id: 'c1' })).toEqual({ action: 'change /changes/{id}/approve', subject: 'c1' })
    const report = { path: '/reports/weekly', permission: 'reports.read', answerName: 'File' }
    expect(asked(report)).toEqual({ action: 'export /reports/weekly', subject: '' })
  })
  it('is not when it only reads, or writes a record of its own', () => {
    expect(asked({ path: '/changes', permission: 'changes.read' })).toBeNull()
    expect(asked({ method: 'post', path: '/tickets/{id}/assign', permission: 'tickets.write' })).toBeNull()
    expect(asked({ method: 'post', path: '/changes/{id}/end', permission: 'changes.write' })).toBeNull()
  })
})

describe('GET /audit', () => {
  it('filters, and hides nothing of who read it', async () => {
    const open = await fresh()
    for (const role of ['viewer', 'desk'] as const) await open.ask(role, '/exchanges?key=A1')
    const all = await open.ask('auditor', '/audit')
    expect(at(all.json, 'items.0.action')).toBe('read audit')
    const found = await open.ask(
      'auditor',
      `/audit?by=token:desk&action=search&from=${encodeURIComponent('2020-01-01T00:00:00Z')}`,
    )
    expect(at(found.json, 'items.0.by')).toBe('token:desk')
    expect(at(found.json, 'items.1')).toBeUndefined()
    const page = await open.ask('auditor', '/audit?limit=2')
    const next = await open.ask('auditor', `/audit?limit=50&cursor=${at(page.json, 'nextCursor')}`)
    expect(at(next.json, 'items.0.number')).toBe(Number(at(page.json, 'items.1.number')) - 1)
  })
  it('gives audit messages of PS3.15 A.5, with what could break XML spelled out', async () => {
    const open = await fresh()
    await open.store.appendAudit({
      at: dawn,
      by: `o'neil <"&>`,
      role: 'engineer',
      action: 'reveal request',
      subject: 'e1',
      reason: '核对体检报告 \u0001',
    })
    const { text, headers } = await open.ask('auditor', '/audit?format=atna')
    expect(headers.get('content-type')).toBe('application/xml; charset=utf-8')
    expect(text).toContain('UserID="o&apos;neil &lt;&quot;&amp;&gt;"')
    expect(text).toContain('<EventID csd-code="110110" codeSystemName="DCM" originalText="Patient Record"/>')
    expect(text).toContain(`type="reason" value="${Buffer.from('核对体检报告 \u0001').toString('base64')}"`)
    expect((await actions(open))[0]).toBe('export audit')
  })
  it('makes one message for each record, refused ones as failures, sign-ins with their type', () => {
    const record = {
      at: dawn,
      by: 'wang',
      role: 'viewer',
      subject: 's',
      reason: null,
      address: '10.1.0.9',
      hash: 'h',
      number: 1,
    }
    const text = atnaDocument(
      [
        { ...record, action: 'sign in', outcome: 'refused' },
        { ...record, action: 'sign out', outcome: 'done' },
      ],
      'SZPH',
    )
    expect(text.match(/<AuditMessage>/g)).toHaveLength(2)
    expect(text).toContain('EventOutcomeIndicator="4"')
    expect(text).toContain('<EventTypeCode csd-code="110122" codeSystemName="DCM" originalText="Login"/>')
    expect(text).toContain('<EventTypeCode csd-code="110123" codeSystemName="DCM" originalText="Logout"/>')
    expect(text).toContain('NetworkAccessPointID="10.1.0.9" NetworkAccessPointTypeCode="2"')
    expect(text).toContain('AuditSourceID="SZPH"')
  })
})

describe('signatures', () => {
  it('are made when there is something new, and put away; a failing anchor is said once and gets the next', async () => {
    const file = join(folder(), 'deep', 'anchor.jsonl')
    let isFailing = true
    const shaky: Anchor = { name: 'shaky', write: async () => (isFailing ? Promise.reject(new Error('no')) : undefined) }
    const open = await fresh({ anchors: [fileAnchor(file), shaky] })
    const pass = async () => {
      const end = (await open.store.auditEnd())?.number
      const signed = async () => {
        // A minute is counted from the end of the one before.
        open.clock.pass(60_000)
        return (await open.store.checkpoints(1))[0]?.number
      }
      await expect.poll(signed).toBe(end)
    }
    await pass()
    await open.ask('viewer', '/exchanges?key=A1')
    await pass()
    await open.ask('viewer', '/exchanges?key=A2')
    isFailing = false
    await pass()
    await expect.poll(() => readAnchors(readFileSync(file, 'utf8')).checkpoints.map(({ number }) => number)).toEqual([1, 2, 3])
    expect(readAnchors(readFileSync(file, 'utf8')).checkpoints.every((one) => isSignedBy(keys, one))).toBe(true)
    await expect.poll(() => open.logLines.filter((line) => /anchored/.test(line)).length).toBe(2)
    const { json } = await open.ask('auditor', '/audit/verify', {})
    expect(at(json, 'verification')).toMatchObject({ breach: null, records: 3, signedUpTo: 3, anchoredUpTo: 3 })
    expect(at(json, 'anchors.0')).toMatchObject({ upTo: 3, failingSince: null })
  })
  it('tell at once when the anchor knows of more than is there', async () => {
    const file = join(folder(), 'anchor.jsonl')
    await fileAnchor(file).write(checkpoint(9))
    const open = await fresh({ anchors: [fileAnchor(file)] })
    const { json } = await open.ask('auditor', '/audit/verify', {})
    expect(at(json, 'verification.breach')).toEqual({ number: 2, why: 'cut-off' })
    expect(open.logLines.join('\n')).toContain('the audit is not as it was written')
  })
  it('are nobody else’s', () => {
    const mine = checkpoint(3)
    expect(isSignedBy(keys, mine)).toBe(true)
    expect(isSignedBy(keys, { ...mine, number: 4 })).toBe(false)
    expect(isSignedBy(keys, { ...mine, signature: 'zz' })).toBe(false)
    expect(isSignedBy(signingKeysFrom(secrets.key('audit')), mine)).toBe(false)
  })
})

describe('anchors', () => {
  it('arrive at a collector of syslog over TLS, framed by their length, and can be read from its file', async () => {
    const tls = join(import.meta.dirname, '../../../../../fixtures/tls')
    const material = (name: string) => readFileSync(join(tls, name))
    let heard = ''
    const server = createServer({ cert: material('server.crt'), key: material('server.key') }, (socket) => {
      socket.on('data', (part) => {
        heard += String(part)
      })
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const options = {
      host: '127.0.0.1',
      port,
      identity: null,
      serverName: 'localhost',
      from: 'szph-auscult',
      clock: systemClock(),
    }
    await syslogAnchor({ ...options, ca: material('ca.crt') }).write(checkpoint(7))
    await expect
      .poll(() => heard)
      .toMatch(/^\d+ <109>1 2026-\S+Z szph-auscult auscult - audit-anchor \[audit@32473 number="7" /)
    const [length = '', ...rest] = heard.split(' ')
    expect(Buffer.byteLength(rest.join(' '))).toBe(Number(length))
    expect(readAnchors(`noise\n${heard}\n`).checkpoints).toEqual([checkpoint(7)])
    await expect(syslogAnchor({ ...options, ca: null }).write(checkpoint(8))).rejects.toThrow()
    server.close()
  })
  it('read what is theirs, and name the lines that were spoiled', () => {
    const line = JSON.stringify(checkpoint(1))
    const text = [
      line,
      '',
      '{"number":1}',
      line.replace('"hash"', '"hush"'),
      'Nov 23 other noise',
      `${line.slice(0, 40)}`,
    ].join('\n')
    expect(readAnchors(text)).toEqual({ checkpoints: [checkpoint(1)], badLines: [3, 4] })
  })
})
