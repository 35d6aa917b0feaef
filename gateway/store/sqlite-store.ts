import type { KeyObject } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { openBodyFiles } from './bodies.ts'
import { createAccessQueries } from './sqlite/access-queries.ts'
import { createAuditQueries, noAuditKey } from './sqlite/audit-queries.ts'
import { createChangeQueries } from './sqlite/change-queries.ts'
import { type ComparePositions, createCommit, readResume } from './sqlite/commit.ts'
import { openConnection } from './sqlite/connection.ts'
import { createContractQueries } from './sqlite/contract-queries.ts'
import { createDutyQueries } from './sqlite/duty-queries.ts'
import { createExchangeQueries } from './sqlite/exchange-queries.ts'
import { guarded } from './sqlite/guard.ts'
import { createKnowledgeQueries } from './sqlite/knowledge-queries.ts'
import { createNoticeQueries } from './sqlite/notice-queries.ts'
import { createPrune } from './sqlite/prune.ts'
import { createReportQueries } from './sqlite/report-queries.ts'
import { createSearchQueries } from './sqlite/search-queries.ts'
import { createSeriesQueries } from './sqlite/series-queries.ts'
import { createStateQueries } from './sqlite/state-queries.ts'
import { createTicketQueries } from './sqlite/ticket-queries.ts'
import type { Store } from './store.ts'
import { createTokens, tokenText } from './tokens.ts'

export interface SqliteStoreOptions {
  /** Made when missing: `auscult.db` and `bodies/`. */
  readonly folder: string
  /** Keys of search tokens, newest last. */
  readonly tokenKeys: readonly KeyObject[]
  /** Seals bodies; null keeps them readable on the disk. */
  readonly bodyKey: KeyObject | null
  /** Seals the audit's chain; left out, nobody's key does (tests). The same one for as long as the store lives. */
  readonly auditKey?: KeyObject
  /** Order of the log's positions. */
  readonly comparePositions: ComparePositions
}

/**
 * The store of one node: SQLite in write-ahead mode, bodies in files beside it. Several processes may open the same folder; one of
 * them commits. Fails with STORE_CORRUPT, STORE_VERSION_NEWER, STORE_UNWRITABLE, STORE_BUSY or DISK_FULL.
 * Exempt from the function length: it is the list of the port's calls and what answers each.
 */
export function openSqliteStore(options: SqliteStoreOptions): Store {
  const connection = openConnection(options.folder)
  const { database, file } = connection
  const bodies = guarded(file, () => openBodyFiles(join(options.folder, 'bodies'), options.bodyKey))
  const tokens = createTokens(options.tokenKeys)
  const access = createAccessQueries(database)
  const audit = createAuditQueries(connection, options.auditKey ?? noAuditKey)
  const keptFrom = () => {
    const day = access.setting('bodies-kept-from-day')
    return typeof day === 'number' ? day : 0
  }
  const keepFrom = (day: number) => {
    if (day > keptFrom()) access.setSetting('bodies-kept-from-day', day)
  }
  const results = createCommit({ connection, bodies, tokens, compare: options.comparePositions })
  const exchanges = createExchangeQueries(database, bodies, tokens, keptFrom)
  const series = createSeriesQueries(database)
  const states = createStateQueries(database)
  const notices = createNoticeQueries(connection)
  const contracts = createContractQueries(database)
  const duties = createDutyQueries(database, notices.add)
  const knowledge = createKnowledgeQueries(connection)
  const tickets = createTicketQueries(connection, duties, knowledge.learn)
  const planned = createChangeQueries(connection)
  const reports = createReportQueries(connection, notices.add)
  const searches = createSearchQueries(database)
  const prune = createPrune(connection, bodies, keepFrom)
  const answer = async <T>(run: () => T): Promise<T> => guarded(file, run)
  return {
    commit: (batch) => answer(() => results.commit(batch)),
    resume: () => answer(() => readResume(database)),
    exchange: (id) => answer(() => exchanges.exchange(id)),
    exchanges: (query) => answer(() => exchanges.exchanges(query)),
    exchangesByTokens: (wanted, span) => answer(() => exchanges.exchangesByTokens(wanted, span)),
    tokensOf: (key) => answer(() => tokens.candidates(key).map(tokenText)),
    message: (id, side) => answer(() => exchanges.message(id, side)),
    series: (query) => answer(() => series.series(query)),
    violationCounts: (id, from, to) => answer(() => series.violationCounts(id, from, to)),
    totals: () => answer(() => states.totals()),
    alerts: (filter) => answer(() => states.alerts(filter)),
    alert: (id) => answer(() => states.alert(id)),
    incident: (id) => answer(() => states.incident(id)),
    clocks: () => answer(() => states.clocks()),
    edges: () => answer(() => states.edges()),
    dropped: (from) => answer(() => states.dropped(from)),
    lostBytes: () => answer(() => states.lostBytes()),
    monitorMemory: (name) => answer(() => states.monitorMemory(name)),
    changes: (since) => answer(() => states.changes(since)),
    unsweptIncidents: (limit) => answer(() => tickets.unsweptIncidents(limit)),
    openTicket: (ticket, version, effects) => answer(() => tickets.openTicket(ticket, version, effects)),
    saveTicket: (ticket, expected, version, effects) => answer(() => tickets.saveTicket(ticket, expected, version, effects)),
    ticket: (id) => answer(() => tickets.ticket(id)),
    tickets: (query) => answer(() => tickets.tickets(query)),
    openTicketCounts: () => answer(() => tickets.openTicketCounts()),
    ticketCounts: () => answer(() => tickets.ticketCounts()),
    untakenDeclarations: (limit) => answer(() => planned.untakenDeclarations(limit)),
    takenDeclarations: () => answer(() => planned.takenDeclarations()),
    savePlannedChange: (change, snapshots) => answer(() => planned.savePlannedChange(change, snapshots)),
    plannedChange: (id) => answer(() => planned.plannedChange(id)),
    plannedChanges: (query) => answer(() => planned.plannedChanges(query)),
    snapshot: (digest) => answer(() => planned.snapshot(digest)),
    saveSilence: (silence) => answer(() => planned.saveSilence(silence)),
    silence: (id) => answer(() => planned.silence(id)),
    silences: (query) => answer(() => planned.silences(query)),
    withheldIncidents: (id, limit) => answer(() => planned.withheldIncidents(id, limit)),
    duties: (query) => answer(() => duties.duties(query)),
    dueDuties: (now, limit) => answer(() => duties.dueDuties(now, limit)),
    dutyTallies: (from, to) => answer(() => duties.dutyTallies(from, to)),
    ownerLoads: () => answer(() => duties.ownerLoads()),
    takeLease: (name, holder, now, ttlMs) => answer(() => duties.takeLease(name, holder, now, ttlMs)),
    dropLease: (name, holder) => answer(() => duties.dropLease(name, holder)),
    dueDeliveries: (channel, now, limit) => answer(() => notices.dueDeliveries(channel, now, limit)),
    settleDelivery: (id, channel, result) => answer(() => notices.settleDelivery(id, channel, result)),
    keepChannels: (names) => answer(() => notices.keepChannels(names)),
    failingChannels: () => answer(() => notices.failingChannels()),
    deliveries: (ticketId) => answer(() => notices.deliveries(ticketId)),
    deliveryCounts: () => answer(() => notices.deliveryCounts()),
    editedArticles: () => answer(() => knowledge.editedArticles()),
    articleVersions: (id, limit) => answer(() => knowledge.articleVersions(id, limit)),
    saveArticle: (version) => answer(() => knowledge.saveArticle(version)),
    lessons: (query) => answer(() => knowledge.lessons(query)),
    failureCounts: (from, to) => answer(() => reports.failureCounts(from, to)),
    alertsDuring: (from, to) => answer(() => reports.alertsDuring(from, to)),
    ticketsDuring: (from, to) => answer(() => reports.ticketsDuring(from, to)),
    observedFrom: () => answer(() => reports.observedFrom()),
    keepReport: (made) => answer(() => reports.keepReport(made)),
    report: (id) => answer(() => reports.report(id)),
    reports: (query) => answer(() => reports.reports(query)),
    reportDuties: () => answer(() => reports.reportDuties()),
    planReport: (kind, duty) => answer(() => reports.planReport(kind, duty)),
    reportActions: (query) => answer(() => reports.reportActions(query)),
    reportAction: (id) => answer(() => reports.reportAction(id)),
    saveReportAction: (action, expected) => answer(() => reports.saveReportAction(action, expected)),
    noteContract: (use, at) => answer(() => contracts.noteContract(use, at)),
    contractVersions: (contractId) => answer(() => contracts.contractVersions(contractId)),
    saveSession: (hash, session) => answer(() => access.saveSession(hash, session)),
    session: (hash, now) => answer(() => access.session(hash, now)),
    touchSession: (hash, seenAt) => answer(() => access.touchSession(hash, seenAt)),
    endSession: (hash) => answer(() => access.endSession(hash)),
    endSessionsOf: (name, but) => answer(() => access.endSessionsOf(name, but)),
    saveSignInLink: (hash, link) => answer(() => access.saveSignInLink(hash, link)),
    takeSignInLink: (hash, now) => answer(() => access.takeSignInLink(hash, now)),
    dropSignInLinks: (name) => answer(() => access.dropSignInLinks(name)),
    users: () => answer(() => access.users()),
    user: (name) => answer(() => access.user(name)),
    addUser: (user) => answer(() => access.addUser(user)),
    changeUser: (name, change) => answer(() => access.changeUser(name, change)),
    countWrongPassword: (name, max, until) => answer(() => access.countWrongPassword(name, max, until)),
    savedSearches: (owner) => answer(() => searches.savedSearches(owner)),
    saveSearch: (owner, search, max) => answer(() => searches.saveSearch(owner, search, max)),
    dropSearch: (owner, name) => answer(() => searches.dropSearch(owner, name)),
    appendAudit: (row) => answer(() => audit.appendAudit(row)),
    audit: (query) => answer(() => audit.audit(query)),
    auditEnd: () => answer(() => audit.auditEnd()),
    verifyAudit: (after, limit) => answer(() => audit.verifyAudit(after, limit)),
    auditLink: (number) => answer(() => audit.auditLink(number)),
    saveCheckpoint: (checkpoint) => answer(() => audit.saveCheckpoint(checkpoint)),
    checkpoints: (limit) => answer(() => audit.checkpoints(limit)),
    setting: (name) => answer(() => access.setting(name)),
    setSetting: (name, value) => answer(() => access.setSetting(name, value)),
    prune: async (retention) => {
      // A caller that loops until nothing is left must not hold up everything else in its process.
      await nextTurn()
      return answer(() => prune(retention))
    },
    size: () => answer(() => ({ rowBytes: bytesOf(file) + bytesOf(`${file}-wal`), bodyBytes: bodies.sizeBytes() })),
    close: () =>
      answer(() => {
        bodies.close()
        connection.close()
      }),
  }
}

function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
