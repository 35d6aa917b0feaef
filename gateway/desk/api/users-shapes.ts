import { roleNames } from '../access/permissions.ts'
import { grantableIdentities } from '../masking/grants.ts'
import { sensitiveCategories } from '../masking/sensitive.ts'
import { exactly, flag, instant, integer, list, nullable, type Of, object, oneOf, text } from './schema.ts'

/** Shapes of accounts and roles. */
const role = oneOf(roleNames)

const user = object({
  name: text(),
  title: text(),
  role: nullable(role),
  source: oneOf(['local', 'oidc']),
  state: oneOf(['active', 'disabled']),
  hasPassword: flag(),
  failures: integer({ minimum: 0 }),
  lockedUntil: nullable(instant()),
  createdAt: instant(),
  seenAt: nullable(instant()),
})
export type UserAnswer = Of<typeof user>

const roleAnswer = object({
  name: role,
  /** The one power that it holds, if any: system, security or audit. */
  power: nullable(oneOf(['system', 'security', 'audit'])),
  permissions: list(text()),
})

/** What a role may see of patients without a reveal. */
const grant = object({ role, identities: list(oneOf(grantableIdentities)), categories: list(oneOf(sensitiveCategories)) })

export const usersShapes = {
  Grant: grant,
  GrantList: object({ items: list(grant) }),
  User: user,
  UserList: object({ items: list(user) }),
  Invitation: object({
    user,
    path: text({ description: 'Below the address of the desk. Good for one use.' }),
    expiresAt: instant(),
  }),
  RoleList: object({ items: list(roleAnswer) }),
  /** Outside of /api/v1: `GET /signin/methods`. */
  SignInMethods: object({ provider: nullable(text()) }),
  Done: object({ done: exactly(true) }),
} as const
