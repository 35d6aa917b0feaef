import type { FileAnswer } from './file-answer.ts'
import { cursor, get, limit, nothing, post, type Route, span } from './route.ts'
import { either, type Of, object, oneOf, type Schema, text } from './schema.ts'
import { shapes } from './shapes.ts'

const file: Schema<FileAnswer> = { json: { type: 'string', format: 'binary' } }
const query = object(
  {},
  {
    ...span,
    by: text({ maxLength: 200 }),
    action: text({ maxLength: 100, description: 'What the action begins with.' }),
    outcome: oneOf(['done', 'refused']),
    format: oneOf(['json', 'atna'], { default: 'json', description: 'atna: audit messages of DICOM PS3.15 A.5, as XML.' }),
    limit,
    cursor,
  },
)

const list: Route<Of<typeof query>, unknown, Of<typeof shapes.AuditList> | FileAnswer> = {
  ...get('/audit', 'audit.read', 'Who did what, newest first. Reading it is written to it', query, 'AuditList'),
  answer: either(shapes.AuditList, file),
}

/** Routes of the audit. */
export const auditRoutes = {
  audit: list,
  auditState: get(
    '/audit/state',
    'audit.read',
    'Whether the chain is whole, as it was last verified, and where its signatures are put away',
    nothing,
    'AuditState',
  ),
  verifyAudit: post('/audit/verify', 'audit.read', 'Verifies the whole chain now', object({}), 'AuditState'),
} as const
