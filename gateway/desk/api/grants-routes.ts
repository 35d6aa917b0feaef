import { grantableIdentities } from '../masking/grants.ts'
import { sensitiveCategories } from '../masking/sensitive.ts'
import { get, nothing, post } from './route.ts'
import { list, object, oneOf, text } from './schema.ts'

/** Routes of what roles may see of patients. */
export const grantsRoutes = {
  grants: get('/grants', 'users.read', 'What each role may see of patients without a reveal', nothing, 'GrantList'),
  setGrants: post(
    '/grants/{id}',
    'grants.write',
    'Says what a role may see of patients without a reveal, from now on',
    object({
      identities: list(oneOf(grantableIdentities), { uniqueItems: true }),
      categories: list(oneOf(sensitiveCategories), { uniqueItems: true }),
      reason: text({ minLength: 4, maxLength: 500 }),
    }),
    'Grant',
  ),
} as const
