/** What the API says of searches that people saved. */
import { instant, list, type Of, object, oneOf, text } from './schema.ts'

const short = text({ minLength: 1, maxLength: 200 })

/** What narrows the list of exchanges, as the console's address has it: `/exchanges?interface=...`. */
export const searchQuery = object(
  {},
  {
    interface: short,
    outcome: oneOf(['answered', 'failed', 'unanswered', 'orphan', 'one-way']),
    type: short,
    span: oneOf(['15m', '1h', '24h', '7d', 'custom']),
    from: text({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2})?$', description: 'In the time of the hospital.' }),
    to: text({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2})?$', description: 'In the time of the hospital.' }),
  },
)
export const searchName = text({ minLength: 1, maxLength: 60 })

const search = object({ name: searchName, query: searchQuery, savedAt: instant() })
export type SearchAnswer = Of<typeof search>

export const searchShapes = {
  /** By name; at most 50. */
  SearchList: object({ items: list(search) }),
} as const
