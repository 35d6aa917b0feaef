/**
 * What a person or a program may do at the desk. Grows with the product; a route of the API names exactly one. `users.write` makes and
 * closes accounts, `grants.write` says who may do what and see what: never the same person (see `powers`).
 */
export const permissions = [
  'interfaces.read',
  'exchanges.read',
  'messages.read',
  'messages.reveal',
  'messages.resend',
  'exchanges.export',
  'tickets.read',
  'tickets.write',
  'reports.read',
  'reports.write',
  'knowledge.read',
  'knowledge.write',
  'changes.read',
  'changes.write',
  'contracts.read',
  'contracts.write',
  'captures.use',
  'channels.test',
  'settings.read',
  'audit.read',
  'users.read',
  'users.write',
  'grants.write',
] as const
export type Permission = (typeof permissions)[number]

const overview = [
  'interfaces.read',
  'tickets.read',
  'reports.read',
  'knowledge.read',
  'changes.read',
  'contracts.read',
] as const satisfies readonly Permission[]
const reading = [...overview, 'exchanges.read', 'messages.read'] as const satisfies readonly Permission[]

/** Everything that the system administrator has besides the accounts: the daily work, without a message as it passed. */
const working = [
  ...reading,
  'messages.resend',
  'exchanges.export',
  'tickets.write',
  'reports.write',
  'knowledge.write',
  'changes.write',
  'contracts.write',
  'captures.use',
  'channels.test',
  'settings.read',
] as const satisfies readonly Permission[]

/**
 * The roles and what each may do. `messages.read` always means masked; only `messages.reveal` shows a body as it passed, and
 * every use of it is audited first. The auditor reads who did what, and no messages at all. The system administrator, the privacy
 * officer (who is the security administrator) and the auditor hold one power each.
 */
export const roles = {
  viewer: reading,
  engineer: [
    ...reading,
    'messages.reveal',
    'messages.resend',
    'exchanges.export',
    'tickets.write',
    'knowledge.write',
    'changes.write',
    'contracts.write',
    'captures.use',
    'settings.read',
  ],
  desk: [
    ...reading,
    'exchanges.export',
    'tickets.write',
    'reports.write',
    'knowledge.write',
    'changes.write',
    'captures.use',
    'channels.test',
    'settings.read',
  ],
  privacy: [...reading, 'messages.reveal', 'settings.read', 'users.read', 'grants.write'],
  auditor: [...overview, 'settings.read', 'audit.read', 'users.read'],
  admin: [...working, 'users.read', 'users.write'],
} as const satisfies { readonly [role: string]: readonly Permission[] }
export type Role = keyof typeof roles

/**
 * The three powers (三权分立; GB/T 22239-2019, 8.1.5: system, security and audit management are separate). A person has one role, and no role two of them:
 * who makes accounts can't say what they may do, who says it can't take the traces away, who reads the traces can do neither.
 */
export const powers = {
  system: 'users.write',
  security: 'grants.write',
  audit: 'audit.read',
} as const satisfies { readonly [power: string]: Permission }

export const roleNames = ['viewer', 'engineer', 'desk', 'privacy', 'auditor', 'admin'] as const satisfies readonly Role[]

/** Narrows what a token, a session row or the command line says. */
export function isRole(value: unknown): value is Role {
  return roleNames.some((name) => name === value)
}

/** The role that holds a power. */
export const roleOfPower = { system: 'admin', security: 'privacy', audit: 'auditor' } as const satisfies {
  readonly [P in keyof typeof powers]: Role
}

/** Whether the role's row of the table has the permission. */
export function allows(role: Role, permission: Permission): boolean {
  const granted: readonly Permission[] = roles[role]
  return granted.includes(permission)
}

/** What somebody may do: their role's permissions, and of a token with scopes only those that it names. */
export function permissionsOf({
  role,
  scopes,
}: {
  readonly role: Role
  readonly scopes?: readonly string[]
}): readonly Permission[] {
  const granted: readonly Permission[] = roles[role]
  return scopes === undefined ? granted : granted.filter((permission) => scopes.includes(permission))
}
