import type { DatabaseSync } from 'node:sqlite'
import type { Json } from '../../model/json.ts'
import type { Instant } from '../../model/time.ts'
import type { Session, User } from '../access-store.ts'
import { numberOf, numberOrNull, ownJson, type Row, textOf, textOrNull } from './rows.ts'

/** The questions about sessions, links, users and settings, synchronous. */
export interface AccessQueries {
  saveSession(hash: string, session: Session): void
  session(hash: string, now: Instant): Session | null
  touchSession(hash: string, seenAt: Instant): void
  endSession(hash: string): void
  endSessionsOf(name: string, but?: string): void
  saveSignInLink(hash: string, link: { readonly name: string; readonly role: string; readonly expiresAt: Instant }): void
  takeSignInLink(hash: string, now: Instant): { readonly name: string; readonly role: string } | null
  dropSignInLinks(name: string): void
  users(): readonly User[]
  user(name: string): User | null
  addUser(user: User): boolean
  changeUser(name: string, change: Partial<Omit<User, 'name' | 'createdAt'>>): boolean
  countWrongPassword(name: string, failuresMax: number, lockedUntil: Instant): User | null
  setting(name: string): Json | null
  setSetting(name: string, value: Json): void
}

export function createAccessQueries(database: DatabaseSync): AccessQueries {
  const setting = database.prepare('SELECT value FROM settings WHERE name = ?')
  const setSetting = database.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)')
  return {
    ...createSessionQueries(database),
    ...createUserQueries(database),
    setting: (name) => {
      const row = setting.get(name)
      return row === undefined ? null : ownJson<Json>(row, 'value')
    },
    setSetting: (name, value) => {
      setSetting.run(name, JSON.stringify(value))
    },
  }
}

function createSessionQueries(database: DatabaseSync) {
  const saveSession = database.prepare(
    'INSERT OR REPLACE INTO sessions (hash, name, role, csrf, expires_at, seen_at) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const session = database.prepare(
    'SELECT name, role, csrf, expires_at, seen_at FROM sessions WHERE hash = ? AND expires_at > ?',
  )
  const touch = database.prepare('UPDATE sessions SET seen_at = ? WHERE hash = ?')
  const endSession = database.prepare('DELETE FROM sessions WHERE hash = ?')
  const endSessionsOf = database.prepare('DELETE FROM sessions WHERE name = ? AND hash <> ?')
  const dropSessions = database.prepare('DELETE FROM sessions WHERE expires_at <= ?')
  const saveLink = database.prepare('INSERT INTO signin_links (hash, name, role, expires_at) VALUES (?, ?, ?, ?)')
  // One statement takes and removes, so that of two browsers with the same link only one gets in.
  const takeLink = database.prepare('DELETE FROM signin_links WHERE hash = ? RETURNING name, role, expires_at')
  const dropLinks = database.prepare('DELETE FROM signin_links WHERE name = ?')
  const dropDeadLinks = database.prepare('DELETE FROM signin_links WHERE expires_at <= ?')
  return {
    saveSession: (hash: string, s: Session) => {
      saveSession.run(hash, s.name, s.role, s.csrfToken, s.expiresAt, s.seenAt)
    },
    session: (hash: string, now: Instant) => {
      const row = session.get(hash, now)
      if (row !== undefined)
        return {
          name: textOf(row, 'name'),
          role: textOf(row, 'role'),
          csrfToken: textOf(row, 'csrf'),
          expiresAt: numberOf(row, 'expires_at'),
          seenAt: numberOf(row, 'seen_at'),
        }
      dropSessions.run(now)
      return null
    },
    touchSession: (hash: string, seenAt: Instant) => {
      touch.run(seenAt, hash)
    },
    endSession: (hash: string) => {
      endSession.run(hash)
    },
    endSessionsOf: (name: string, but = '') => {
      endSessionsOf.run(name, but)
    },
    saveSignInLink: (hash: string, link: { readonly name: string; readonly role: string; readonly expiresAt: Instant }) => {
      saveLink.run(hash, link.name, link.role, link.expiresAt)
    },
    takeSignInLink: (hash: string, now: Instant) => {
      const row = takeLink.get(hash)
      dropDeadLinks.run(now)
      return row === undefined || numberOf(row, 'expires_at') <= now
        ? null
        : { name: textOf(row, 'name'), role: textOf(row, 'role') }
    },
    dropSignInLinks: (name: string) => {
      dropLinks.run(name)
    },
  }
}

function createUserQueries(database: DatabaseSync) {
  const all = database.prepare('SELECT * FROM users ORDER BY name')
  const one = database.prepare('SELECT * FROM users WHERE name = ?')
  const add = database.prepare(
    `INSERT OR IGNORE INTO users (name, title, role, source, state, password, password_at, failures, locked_until, created_at, seen_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const change = database.prepare(
    `UPDATE users SET title = ?, role = ?, source = ?, state = ?, password = ?, password_at = ?, failures = ?, locked_until = ?, seen_at = ?
     WHERE name = ?`,
  )
  const count = database.prepare(
    `UPDATE users SET failures = failures + 1, locked_until = CASE WHEN failures + 1 >= ? THEN ? ELSE locked_until END
     WHERE name = ? RETURNING *`,
  )
  const user = (name: string) => {
    const row = one.get(name)
    return row === undefined ? null : userOf(row)
  }
  return {
    users: () => all.all().map(userOf),
    user,
    addUser: (u: User) =>
      add.run(
        u.name,
        u.title,
        u.role,
        u.source,
        u.state,
        u.password,
        u.passwordAt,
        u.failures,
        u.lockedUntil,
        u.createdAt,
        u.seenAt,
      ).changes === 1,
    changeUser: (name: string, given: Partial<Omit<User, 'name' | 'createdAt'>>) => {
      const before = user(name)
      if (before === null) return false
      const u = { ...before, ...given }
      change.run(u.title, u.role, u.source, u.state, u.password, u.passwordAt, u.failures, u.lockedUntil, u.seenAt, name)
      return true
    },
    countWrongPassword: (name: string, failuresMax: number, lockedUntil: Instant) => {
      const row = count.get(failuresMax, lockedUntil, name)
      return row === undefined ? null : userOf(row)
    },
  }
}

function userOf(row: Row): User {
  return {
    name: textOf(row, 'name'),
    title: textOf(row, 'title'),
    role: textOrNull(row, 'role'),
    source: textOf(row, 'source') === 'oidc' ? 'oidc' : 'local',
    state: textOf(row, 'state') === 'active' ? 'active' : 'disabled',
    password: textOrNull(row, 'password'),
    passwordAt: numberOrNull(row, 'password_at'),
    failures: numberOf(row, 'failures'),
    lockedUntil: numberOrNull(row, 'locked_until'),
    createdAt: numberOf(row, 'created_at'),
    seenAt: numberOrNull(row, 'seen_at'),
  }
}
