import type { AuditRecord } from '../../store/audit-store.ts'

/**
 * Audit messages as IHE ATNA has them: DICOM PS3.15 A.5 (which took RFC 3881 over), one `AuditMessage` for each record, newest first.
 * Patients appear as the audit has them: by exchange and pseudonym, never by name.
 */
export function atnaDocument(records: readonly AuditRecord[], source: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<AuditMessages>\n${records.map((record) => messageOf(record, source)).join('\n')}\n</AuditMessages>\n`
}

interface EventKind {
  /** PS3.16 CID 400. */
  readonly code: string
  readonly meaning: string
  /** C create, R read, U update, D delete, E execute. */
  readonly action: 'C' | 'R' | 'U' | 'D' | 'E'
}

const authentication: EventKind = { code: '110114', meaning: 'User Authentication', action: 'E' }
const security: EventKind = { code: '110113', meaning: 'Security Alert', action: 'E' }
const kinds: readonly (readonly [beginning: string, kind: EventKind])[] = [
  ['sign', authentication],
  ['start', { code: '110100', meaning: 'Application Activity', action: 'E' }],
  ['read audit', { code: '110101', meaning: 'Audit Log Used', action: 'R' }],
  ['export audit', { code: '110101', meaning: 'Audit Log Used', action: 'R' }],
  ['export', { code: '110106', meaning: 'Export', action: 'R' }],
  ['search', { code: '110112', meaning: 'Query', action: 'E' }],
  ['reveal', { code: '110110', meaning: 'Patient Record', action: 'R' }],
  ['view', { code: '110110', meaning: 'Patient Record', action: 'R' }],
  ['user', security],
  ['grant', security],
  ['password', security],
]
/** What is done to tickets, contracts and the like has no event of its own in the standard. */
const other: EventKind = { code: '110100', meaning: 'Application Activity', action: 'E' }

function messageOf(record: AuditRecord, source: string): string {
  const kind = kinds.find(([beginning]) => record.action.startsWith(beginning))?.[1] ?? other
  const isSignOut = record.action === 'sign out'
  const type =
    kind !== authentication
      ? null
      : isSignOut
        ? coded('EventTypeCode', '110123', 'Logout')
        : coded('EventTypeCode', '110122', 'Login')
  // A.5.1: 0 success, 4 minor failure.
  const outcome = record.outcome === 'done' ? 0 : 4
  return [
    '<AuditMessage>',
    ` <EventIdentification EventActionCode="${kind.action}" EventDateTime="${new Date(record.at).toISOString()}" EventOutcomeIndicator="${outcome}">`,
    `  ${coded('EventID', kind.code, kind.meaning)}`,
    ...(type === null ? [] : [`  ${type}`]),
    ' </EventIdentification>',
    ` <ActiveParticipant UserID="${escaped(record.by)}" UserIsRequestor="true"${accessPoint(record.address)}>`,
    `  <RoleIDCode csd-code="${escaped(record.role)}" codeSystemName="auscult" originalText="${escaped(record.role)}"/>`,
    ' </ActiveParticipant>',
    ` <AuditSourceIdentification AuditSourceID="${escaped(source)}" code="4"/>`,
    // Type 2 system object; role 13 security resource, 3 report.
    ` <ParticipantObjectIdentification ParticipantObjectID="${escaped(record.subject)}" ParticipantObjectTypeCode="2" ParticipantObjectTypeCodeRole="3">`,
    '  <ParticipantObjectIDTypeCode csd-code="12" codeSystemName="RFC-3881" originalText="URI"/>',
    `  ${detail('action', record.action)}`,
    ...(record.reason === null ? [] : [`  ${detail('reason', record.reason)}`]),
    `  ${detail('number', String(record.number))}`,
    `  ${detail('seal', record.hash)}`,
    ' </ParticipantObjectIdentification>',
    '</AuditMessage>',
  ].join('\n')
}

function coded(element: string, code: string, meaning: string): string {
  return `<${element} csd-code="${code}" codeSystemName="DCM" originalText="${meaning}"/>`
}

/** A.5.1: the value of a detail is base64. Type code 2 of an access point is an address. */
function detail(type: string, value: string): string {
  return `<ParticipantObjectDetail type="${type}" value="${Buffer.from(value).toString('base64')}"/>`
}

function accessPoint(address: string | null): string {
  return address === null ? '' : ` NetworkAccessPointID="${escaped(address)}" NetworkAccessPointTypeCode="2"`
}

/** XML 1.0: five characters by name, and what may not stand in a document at all left out. */
function escaped(text: string): string {
  const names: { readonly [character: string]: string } = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  }
  return text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (c) => names[c] ?? c)
}
