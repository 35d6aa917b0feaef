import type { DatabaseSync } from 'node:sqlite'
import type { Json } from '../../model/json.ts'
import type { Instant } from '../../model/time.ts'
import type { Page } from '../exchange-store.ts'
import type { AuditRow, Session } from '../store.ts'
import { numberOf, ownJson, textOf, textOrNull } from './rows.ts'

/** The questions about sessions, links, the audit and settings, synchronous. */
export interface AccessQueries {
  saveSession(hash: string, session: Session): void
  session(hash: string, now: Instant): Session | null
  endSession(hash: string): void
  saveSignInLink(hash: string, link: { readonly name: string; readonly role: string; readonly expiresAt: Instant }): void
  takeSignInLink(hash: string, now: Instant): { readonly name: string; readonly role: string } | null
  appendAudit(row: AuditRow): void
  audit(query: {
    readonly from?: Instant
    readonly to?: Instant
    readonly limit: number
    readonly cursor?: string
  }): Page<AuditRow>
  setting(name: string): Json | null
  setSetting(name: string, value: Json): void
}

export function createAccessQueries(database: DatabaseSync): AccessQueries {
  const saveSession = database.prepare(
    'INSERT OR REPLACE INTO sessions (hash, name, role, csrf, expires_at) VALUES (?, ?, ?, ?, ?)',
  )
  const session = database.prepare('SELECT name, role, csrf, expires_at FROM sessions WHERE hash = ? AND expires_at > ?')
  const endSession = database.prepare('DELETE FROM sessions WHERE hash = ?')
  const dropSessions = database.prepare('DELETE FROM sessions WHERE expires_at <= ?')
  const saveLink = database.prepare('INSERT INTO signin_links (hash, name, role, expires_at) VALUES (?, ?, ?, ?)')
  // One statement takes and removes, so that of two browsers with the same link only one gets in.
  const takeLink = database.prepare('DELETE FROM signin_links WHERE hash = ? RETURNING name, role, expires_at')
  const append = database.prepare('INSERT INTO audit (at, by, role, action, subject, reason) VALUES (?, ?, ?, ?, ?, ?)')
  const audit = database.prepare(
    'SELECT num, at, by, role, action, subject, reason FROM audit WHERE num < ? AND at >= ? AND at < ? ORDER BY num DESC LIMIT ?',
  )
  const setting = database.prepare('SELECT value FROM settings WHERE name = ?')
  const setSetting = database.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)')
  return {
    saveSession: (hash, s) => {
      saveSession.run(hash, s.name, s.role, s.csrfToken, s.expiresAt)
    },
    session: (hash, now) => {
      const row = session.get(hash, now)
      if (row !== undefined)
        return {
          name: textOf(row, 'name'),
          role: textOf(row, 'role'),
          csrfToken: textOf(row, 'csrf'),
          expiresAt: numberOf(row, 'expires_at'),
        }
      dropSessions.run(now)
      return null
    },
    endSession: (hash) => {
      endSession.run(hash)
    },
    saveSignInLink: (hash, link) => {
      saveLink.run(hash, link.name, link.role, link.expiresAt)
    },
    takeSignInLink: (hash, now) => {
      const row = takeLink.get(hash)
      return row === undefined || numberOf(row, 'expires_at') <= now
        ? null
        : { name: textOf(row, 'name'), role: textOf(row, 'role') }
    },
    appendAudit: (row) => {
      append.run(row.at, row.by, row.role, row.action, row.subject, row.reason)
    },
    audit: ({ from = 0, to = Number.MAX_SAFE_INTEGER, limit, cursor }) => {
      const before = cursor === undefined ? Number.NaN : Number.parseInt(cursor, 36)
      const rows = audit.all(Number.isSafeInteger(before) ? before : Number.MAX_SAFE_INTEGER, from, to, limit + 1)
      const shown = rows.slice(0, limit)
      const last = shown.at(-1)
      return {
        items: shown.map((row) => ({
          at: numberOf(row, 'at'),
          by: textOf(row, 'by'),
          role: textOf(row, 'role'),
          action: textOf(row, 'action'),
          subject: textOf(row, 'subject'),
          reason: textOrNull(row, 'reason'),
        })),
        nextCursor: rows.length > limit && last !== undefined ? numberOf(last, 'num').toString(36) : null,
      }
    },
    setting: (name) => {
      const row = setting.get(name)
      return row === undefined ? null : ownJson<Json>(row, 'value')
    },
    setSetting: (name, value) => {
      setSetting.run(name, JSON.stringify(value))
    },
  }
}
