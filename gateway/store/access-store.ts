import type { Json } from '../model/json.ts'
import type { Instant } from '../model/time.ts'

export interface Session {
  readonly name: string
  readonly role: string
  readonly csrfToken: string
  readonly expiresAt: Instant
  /** When its person last asked for something, to the minute. */
  readonly seenAt: Instant
}

/** Somebody who may sign in. */
export interface User {
  readonly name: string
  /** As colleagues call them. */
  readonly title: string
  /** Null: nobody has said yet what they may do, so that they may do nothing. */
  readonly role: string | null
  /** `oidc`: a provider says who they are and what their role is, at each sign-in. */
  readonly source: 'local' | 'oidc'
  readonly state: 'active' | 'disabled'
  /** A password's scrypt hash with its salt and costs; null: none was chosen. */
  readonly password: string | null
  readonly passwordAt: Instant | null
  /** Wrong passwords since the last right one. */
  readonly failures: number
  readonly lockedUntil: Instant | null
  readonly createdAt: Instant
  readonly seenAt: Instant | null
}

/** Sessions and one-time links are found by the SHA-256 of their secret; the secret itself is never stored. */
export interface AccessStore {
  saveSession(hash: string, session: Session): Promise<void>
  session(hash: string, now: Instant): Promise<Session | null>
  touchSession(hash: string, seenAt: Instant): Promise<void>
  endSession(hash: string): Promise<void>
  /** Of one person, except the one with the hash `but`. */
  endSessionsOf(name: string, but?: string): Promise<void>
  saveSignInLink(
    hash: string,
    link: { readonly name: string; readonly role: string; readonly expiresAt: Instant },
  ): Promise<void>
  /** Takes the link out of use; null when it was used, expired or never made. */
  takeSignInLink(hash: string, now: Instant): Promise<{ readonly name: string; readonly role: string } | null>
  /** All that were made for that person. */
  dropSignInLinks(name: string): Promise<void>
  /** By name. */
  users(): Promise<readonly User[]>
  user(name: string): Promise<User | null>
  /** False when there is such a user already. */
  addUser(user: User): Promise<boolean>
  /** Writes what is given of a user who is there; the rest stays. False when there is none. */
  changeUser(name: string, change: Partial<Omit<User, 'name' | 'createdAt'>>): Promise<boolean>
  /**
   * Counts one wrong password, and locks the account until `lockedUntil` when they are `failuresMax` now, in one step: guesses at the
   * same time are all counted. Gives the user as it is then; null when there is none.
   */
  countWrongPassword(name: string, failuresMax: number, lockedUntil: Instant): Promise<User | null>
  setting(name: string): Promise<Json | null>
  setSetting(name: string, value: Json): Promise<void>
}
