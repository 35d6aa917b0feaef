/** What a person or a program may do at the desk. Grows with the product; a route of the API names exactly one. */
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
  'audit.read',
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

/**
 * The roles and what each may do. `messages.read` always means masked; only `messages.reveal` shows a body as it passed, and
 * every use of it is audited first. The auditor reads who did what, and no messages at all.
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
  ],
  desk: [...reading, 'exchanges.export', 'tickets.write', 'reports.write', 'knowledge.write', 'changes.write', 'captures.use'],
  privacy: [...reading, 'messages.reveal', 'audit.read'],
  auditor: [...overview, 'audit.read'],
  admin: permissions,
} as const satisfies { readonly [role: string]: readonly Permission[] }
export type Role = keyof typeof roles

export const roleNames = ['viewer', 'engineer', 'desk', 'privacy', 'auditor', 'admin'] as const satisfies readonly Role[]

/** Narrows what a token, a session row or the command line says. */
export function isRole(value: unknown): value is Role {
  return roleNames.some((name) => name === value)
}

/** Whether the role's row of the table has the permission. */
export function allows(role: Role, permission: Permission): boolean {
  const granted: readonly Permission[] = roles[role]
  return granted.includes(permission)
}
