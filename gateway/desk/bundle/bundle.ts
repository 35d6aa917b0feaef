import { hash } from 'node:crypto'
import { type Zippable, zipSync } from 'fflate'
import { type PlannedChange, windowEndOf } from '../../model/change.ts'
import type { Catalogue } from '../../model/interface.ts'
import type { Instant } from '../../model/time.ts'
import type { StoredExchange } from '../../store/exchange-store.ts'
import type { Store } from '../../store/store.ts'
import type { Presenter } from '../api/present.ts'
import { Refusal } from '../api/problems.ts'
import { auditRow } from '../audit/row.ts'
import type { ConfigurationDifference } from '../configuration-snapshot.ts'
import type { Messages } from '../messages.ts'
import { fitToTell } from '../notices/write-notice.ts'
import { diagnosisPage } from './diagnosis-page.ts'
import { type BundleFile, messagesOf } from './message-files.ts'
import { pcapngFile } from './pcapng.ts'
import { type RewiredExchange, rebuiltSegments } from './slice.ts'
import { toldTicket } from './told-ticket.ts'
import { whatChanged } from './what-changed.ts'

export interface BundleParts {
  readonly store: Store
  readonly messages: Messages
  readonly catalogue: Catalogue
  readonly present: Presenter
}

/** Who asks for it, and when: written to the audit before anything is read. */
export interface BundleAsk {
  readonly ticketId: string
  readonly caller: { readonly name: string; readonly role: string; readonly address?: string }
  readonly at: Instant
}

export interface Bundle {
  readonly name: string
  readonly bytes: Uint8Array
}

/** As many as a ticket names. */
const exchangesMax = 20
const bytesMax = 64 * 1_048_576

/**
 * Everything that a vendor needs of a ticket, in a zip: diagnosis, timeline, what changed, the messages masked, and a capture rebuilt of
 * them; a manifest with the SHA-256 of each file. At most 64 MiB before it is compressed. Refuses with NOT_FOUND.
 */
export async function ticketBundle(ask: BundleAsk, parts: BundleParts): Promise<Bundle> {
  const { store, catalogue, present } = parts
  const read = await store.ticket(ask.ticketId)
  if (read === null) throw new Refusal('NOT_FOUND', 'There is no such ticket.')
  // First the audit: when it can't be written, nothing leaves the house.
  const { caller, at } = ask
  await store.appendAudit(auditRow(caller, at, { action: 'ticket bundle', subject: read.ticket.id }))
  const ticket = toldTicket(read.ticket)
  const changed = await whatChanged(ticket, store, catalogue)
  const { exchanges, files, rewired, leftOut } = await gathered(ticket.exchangeIds, parts)
  const segments = rebuiltSegments(rewired)
  const all: readonly BundleFile[] = [
    { name: 'README.txt', bytes: Buffer.from(readme) },
    { name: 'diagnosis.html', bytes: Buffer.from(diagnosisPage(ticket, changed, { catalogue, iso: present.iso })) },
    json('diagnosis.json', { title: ticket.title, causes: ticket.causes, advice: ticket.advice }),
    json('ticket.json', present.ticket(ticket)),
    json('timeline.json', present.ticket(ticket).timeline),
    json('what-changed.json', {
      onsetAt: present.iso(changed.onsetAt),
      traffic: changed.traffic,
      alerts: changed.alerts.map((alert) => ({ ...alert, onsetAt: present.iso(alert.onsetAt) })),
      clocks: changed.clocks,
      changes: changed.changes.map(({ change, differences }) => changeFile(change, differences, present)),
    }),
    json('exchanges.json', exchanges.map(present.exchange)),
    ...(segments.length === 0 ? [] : [{ name: 'slice.pcapng', bytes: pcapngFile(segments, sliceComment) }]),
    ...files,
  ]
  const manifest = json('manifest.json', {
    ticket: ticket.id,
    hospital: catalogue.hospital.name,
    madeAt: present.iso(at),
    madeBy: caller.name,
    masked: true,
    files: all.map(({ name, bytes }) => ({ name, bytes: bytes.length, sha256: hash('sha256', bytes, 'hex') })),
    leftOut,
  })
  return { name: `${ticket.id}-evidence.zip`, bytes: zipped([manifest, ...all], at) }
}

/** What people wrote of it besides its title stays in the house. */
function changeFile(change: PlannedChange, differences: readonly ConfigurationDifference[], { iso }: Presenter) {
  const { id, origin, interfaceIds, systemIds, state } = change
  const about = { id, origin, interfaceIds, systemIds, from: iso(change.fromAt) }
  if (origin === 'configuration') return { ...about, differences }
  const [title, approval] = [fitToTell(change.title), fitToTell(change.approval)]
  return { ...about, to: iso(windowEndOf(change)), title, approval, state }
}

interface Gathered {
  readonly exchanges: readonly StoredExchange[]
  readonly files: readonly BundleFile[]
  readonly rewired: readonly RewiredExchange[]
  readonly leftOut: readonly string[]
}

/** The newest first get their room; what is too much is named, never cut silently. */
async function gathered(ids: readonly string[], { store, messages, catalogue }: BundleParts): Promise<Gathered> {
  const exchanges: StoredExchange[] = []
  const files: BundleFile[] = []
  const rewired: RewiredExchange[] = []
  const leftOut: string[] = []
  let bytes = 0
  for (const id of ids.slice(-exchangesMax).toReversed()) {
    const exchange = await store.exchange(id)
    if (exchange === null) {
      leftOut.push(`exchange ${id}: past its retention`)
      continue
    }
    exchanges.push(exchange)
    const iface = catalogue.interfaces.find((candidate) => candidate.id === exchange.interfaceId)
    const found = await messagesOf(exchange, iface, messages)
    const size = found.files.reduce((sum, file) => sum + file.bytes.length, 0)
    if (bytes + size > bytesMax) {
      leftOut.push(`messages of ${id}: the bundle would be larger than ${bytesMax} bytes`)
      continue
    }
    bytes += size
    files.push(...found.files)
    rewired.push(found.rewired)
    leftOut.push(...found.leftOut)
  }
  return { exchanges, files, rewired, leftOut }
}

function json(name: string, value: unknown): BundleFile {
  return { name, bytes: Buffer.from(`${JSON.stringify(value, null, 2)}\n`) }
}

function zipped(files: readonly BundleFile[], at: Instant): Uint8Array {
  const entries: Zippable = {}
  for (const { name, bytes } of files) entries[name] = [bytes, { mtime: at, level: 6 }]
  return zipSync(entries)
}

const sliceComment =
  'Rebuilt by Auscult from stored, masked messages: what identifies somebody is overwritten by *, sequence numbers are made up, times are those of the wire. Not a recording.'

const readme = `Auscult 听诊 · 工单证据包 / evidence of a ticket

diagnosis.html      诊断、证据、时间线、什么变了（可打印） / diagnosis, evidence, timeline, what changed; prints
diagnosis.json      同上，供程序读取 / the same for programs
ticket.json         工单 / the ticket
timeline.json       时间线 / the timeline
what-changed.json   告警、时钟、计划变更与配置变更、前后一小时的流量 / alerts, clocks, planned and configuration changes, traffic of the hour before and after
exchanges.json      交换的时间、结果与线上事实 / times, outcomes and wire facts of the exchanges
messages/           脱敏报文（文本与树） / masked messages, as text and as tree
slice.pcapng        由脱敏报文重建的抓包，不是原始抓包 / a capture rebuilt from masked messages, not a recording
manifest.json       每个文件的 SHA-256；没有放进来的内容及原因 / SHA-256 of each file; what is left out and why

患者信息已用 * 覆盖。 / What identifies patients is overwritten by *.
`
