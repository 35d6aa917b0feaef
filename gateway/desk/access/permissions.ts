/** What a person or a program may do at the desk. Grows with the product; a route of the API names exactly one. */
export const permissions = [
  'interfaces.read',
  'exchanges.read',
  'messages.read',
  'messages.reveal',
  'tickets.read',
  'tickets.write',
  'audit.read',
] as const
export type Permission = (typeof permissions)[number]

const reading = ['interfaces.read', 'exchanges.read', 'messages.read', 'tickets.read'] as const satisfies readonly Permission[]

/**
 * The roles and what each may do. `messages.read` always means masked; only `messages.reveal` shows a body as it passed, and
 * every use of it is audited first. The auditor reads who did what, and no messages at all.
 */
export const roles = {
  viewer: reading,
  engineer: [...reading, 'messages.reveal', 'tickets.write'],
  desk: [...reading, 'tickets.write'],
  privacy: [...reading, 'messages.reveal', 'audit.read'],
  auditor: ['interfaces.read', 'tickets.read', 'audit.read'],
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
