import { cursor, get, limit, nothing, post } from './route.ts'
import { instant, integer, list, object, text } from './schema.ts'

const ids = list(text({ minLength: 1, maxLength: 200 }), { maxItems: 200 })
const reason = text({ minLength: 1, maxLength: 500 })
const touching = { from: instant('Those that end after it.'), to: instant('Those that begin before it.') }

export const changeRoutes = {
  changes: get(
    '/changes',
    'changes.read',
    'Planned changes, latest begin first',
    object({}, { ...touching, limit, cursor }),
    'ChangeList',
  ),
  change: get('/changes/{id}', 'changes.read', 'One planned change, with what it held back', nothing, 'ChangeDetail'),
  planChange: post(
    '/changes',
    'changes.write',
    'Declare approved work: what begins in its window at its subjects makes no ticket. At most 31 days; keeps a snapshot of the configuration',
    object(
      {
        title: text({ minLength: 1, maxLength: 120 }),
        approval: text({
          pattern: '^[\\p{L}\\p{N}._/#-]{1,60}$',
          description: 'Number of the form that approved it: letters, figures and . _ / # -',
        }),
        from: instant(),
        to: instant(),
      },
      {
        interfaceIds: ids,
        systemIds: ids,
        graceMin: integer({ minimum: 0, maximum: 720, default: 10 }),
        comment: text({ maxLength: 2000 }),
      },
    ),
    'Change',
  ),
  cancelChange: post('/changes/{id}/cancel', 'changes.write', 'It will not be done', object({ reason }), 'Change'),
  endChange: post('/changes/{id}/end', 'changes.write', 'It is done before its time', object({}, { reason }), 'Change'),
  silences: get(
    '/silences',
    'changes.read',
    'Silences, latest begin first',
    object({}, { ...touching, limit, cursor }),
    'SilenceList',
  ),
  beginSilence: post(
    '/silences',
    'changes.write',
    'No tickets of these interfaces, systems or cause for a while: at least one of them is named. At most 24 hours',
    object(
      { reason, minutes: integer({ minimum: 1, maximum: 1440 }) },
      { interfaceIds: ids, systemIds: ids, cause: text({ minLength: 1, maxLength: 100 }) },
    ),
    'Silence',
  ),
  endSilence: post('/silences/{id}/end', 'changes.write', 'Tickets again', nothing, 'Silence'),
} as const
