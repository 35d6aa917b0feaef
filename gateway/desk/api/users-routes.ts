import { roleNames } from '../access/permissions.ts'
import { get, nothing, post } from './route.ts'
import { nullable, object, oneOf, text } from './schema.ts'

const name = text({ pattern: '^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$' })
const reason = text({ minLength: 4, maxLength: 500 })
const secret = text({ minLength: 1, maxLength: 1000 })

/** Routes of accounts, roles and one's own password. */
export const usersRoutes = {
  users: get('/users', 'users.read', 'Every account', nothing, 'UserList'),
  addUser: post(
    '/users',
    'users.write',
    'Makes an account without a role, and a one-time link for its person',
    object({ name, title: text({ minLength: 1, maxLength: 100 }) }),
    'Invitation',
  ),
  inviteUser: post('/users/{id}/invite', 'users.write', 'Makes another one-time link', object({}), 'Invitation'),
  setUserState: post(
    '/users/{id}/state',
    'users.write',
    'Closes an account and ends its sessions, or opens it again',
    object({ state: oneOf(['active', 'disabled']) }),
    'User',
  ),
  unlockUser: post('/users/{id}/unlock', 'users.write', 'Ends the lock that wrong passwords brought', object({}), 'User'),
  setUserRole: post(
    '/users/{id}/role',
    'grants.write',
    'Says what an account may do; null: nothing. Its sessions end',
    object({ role: nullable(oneOf(roleNames)), reason }),
    'User',
  ),
  roles: get(
    '/roles',
    'users.read',
    'The roles, what each may do, and which of the three powers it holds',
    nothing,
    'RoleList',
  ),
  setPassword: post(
    '/me/password',
    null,
    "Chooses or changes one's own password; the other sessions end",
    object({ next: secret }, { current: secret }),
    'Done',
  ),
} as const
