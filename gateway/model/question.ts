/**
 * Whether a type of message asks and writes nothing: queries of HTTP, DICOM and HL7 v2, and calls whose path or operation says that something is to be checked or
 * looked up (`POST /rx/check`, `POST /Patient/_search`, `QueryTrace`).
 */
export function isQuestion(type: string): boolean {
  return (
    /^(?:GET|HEAD) |^(?:C-FIND|C-ECHO)$|^(?:QRY|QBP|QSB|RSP)\b/.test(type) ||
    (!/^(?:PUT|PATCH|DELETE) /.test(type) && asking.test(type))
  )
}

const verbs = 'check verify validate review evaluate calculate query search lookup match get find'.split(' ')
const eitherCase = verbs.map((verb) => `[${verb.charAt(0).toUpperCase()}${verb.charAt(0)}]${verb.slice(1)}`).join('|')
const asking = new RegExp(`(?:^|[/$_.])(?:${eitherCase})(?![a-z])`)
