import type { Facts, Hints, Key, PartFacts, Stamp } from '../../../gateway/model/document.ts'
import { envelopeValue } from '../../../gateway/model/envelope.ts'
import { requestType } from '../../../gateway/model/http/route.ts'
import { batchOf } from '../../../gateway/model/members/batch.ts'
import { saysNone } from '../../../gateway/model/members/none-found.ts'
import type { Told } from '../../../gateway/model/members/plain-name.ts'
import { isTelling } from '../../../gateway/model/members/telling.ts'
import { readTimestamp } from '../../../gateway/model/timestamp.ts'
import { ackOf } from './ack.ts'
import type { Content } from './content.ts'
import { attributeOf, childOf, descendantOf, textOf, type XmlElement } from './element.ts'
import { gather, isKeyText, itemsOf, partsOf } from './gather.ts'
import { limits } from './limits.ts'
import type { SoapMessage } from './message.ts'

/** Reads the facts of a message and of what was said around it. */
export function factsOf(content: Content, hints: Hints): Facts {
  const { message, attachments } = content
  const items = itemsOf(message.operation)
  const gathered = gather(message.operation, hints.timezone)
  const controlId = controlIdOf(message, hints)
  const told = tellingIn(message.operation)
  return {
    type: typeOf(content, hints),
    version: message.version,
    controlId,
    sender: deviceOf(message.interaction, 'sender'),
    receiver: deviceOf(message.interaction, 'receiver'),
    sequence: null,
    stamps: stampsOf(message, gathered.stamps, hints),
    keys: keysOf(controlId, content, gathered.keys, hints),
    charset: content.charset,
    ack: ackOf(message),
    defects: content.defects.slice(0, limits.defectsMax),
    codes: gathered.codes,
    ...batchIn(told, hints.side),
    ...(hints.side === 'answer' && saysNone(told) ? { hasNone: true } : {}),
    ...(items.length + attachments.length === 0 ? {} : { parts: [...partsOf(items), ...attachmentParts(content)] }),
  }
}

/** How many of a batch there are and were taken. */
function batchIn(told: readonly Told[], side: Hints['side']): Pick<Facts, 'reckoning'> {
  const batch = batchOf(told, side ?? 'request')
  return batch === null ? {} : { reckoning: { agrees: null, counts: [], ...batch } }
}

/** What stands in the operation, or one below it, and tells how many there are or how it stands. */
function tellingIn(operation: XmlElement | null): readonly Told[] {
  const told: Told[] = []
  if (operation !== null) addTelling(told, operation, 2)
  return told
}

function addTelling(told: Told[], element: XmlElement, depth: number): void {
  for (const child of element.children.slice(0, numbersMax)) {
    if (child.children.length > 0) {
      if (depth > 1) addTelling(told, child, depth - 1)
    } else if (isTelling(child.name)) told.push([child.name, textOf(child)])
  }
}

const numbersMax = 32

/**
 * The element of the body; where that is a server's one door for all services, the service that its `action` names (WS/T 846.1). Without any body, method
 * and path: a GET asks for the WSDL.
 */
function typeOf({ message, isEmpty }: Content, { envelope }: Hints): string | null {
  const { operation } = message
  if (operation !== null) {
    const action = operation.children.length <= actionChildrenMax ? textOf(childOf(operation, 'action')) : null
    return action !== null && /^[A-Za-z][\w.]{0,63}$/.test(action) ? action : operation.name.slice(0, limits.codeCharsMax)
  }
  const method = envelopeValue(envelope, ':method')
  return isEmpty && method !== null ? requestType(method, envelopeValue(envelope, ':path') ?? '') : null
}

const actionChildrenMax = 4

/** The interaction's own id; else that of WS-Addressing; else the header that a retry repeats. */
function controlIdOf({ interaction, header }: SoapMessage, { envelope, side }: Hints): string | null {
  const own = identifierOf(childOf(interaction, 'id'))
  const addressed = textOf(childOf(header, 'MessageID'))
  const id = own ?? addressed ?? (side === 'answer' ? null : envelopeValue(envelope, 'x-request-id'))
  return id !== null && isKeyText(id) ? id : null
}

/** `id/@extension`, or `id/item/@extension` as WS/T 846 has it in places. */
function identifierOf(id: XmlElement | null): string | null {
  return attributeOf(id, 'extension') ?? attributeOf(childOf(id, 'item'), 'extension')
}

function deviceOf(interaction: XmlElement | null, side: 'sender' | 'receiver'): string | null {
  const id = identifierOf(descendantOf(interaction, side, 'device', 'id'))
  return id === null || id === '' ? null : id.slice(0, limits.codeCharsMax)
}

/** The message's own stamps first: they are wall-clock time, and a zone that is set wrong shows in them. `Created` and `date` are in UTC. */
function stampsOf({ header }: SoapMessage, ofBody: readonly Stamp[], { envelope, timezone }: Hints): readonly Stamp[] {
  const stamps = [...ofBody]
  const created = textOf(descendantOf(header, 'Security', 'Timestamp', 'Created'))
  if (created !== null) stamps.push({ path: 'Timestamp/Created', kind: 'message', ...readTimestamp(created, timezone) })
  const date = envelopeValue(envelope, 'date')
  if (date !== null) stamps.push({ path: '@date', kind: 'message', ...readTimestamp(date, timezone) })
  return stamps
}

function keysOf(controlId: string | null, { message }: Content, ofBody: readonly Key[], { envelope }: Hints): readonly Key[] {
  const sender = deviceOf(message.interaction, 'sender')
  const keys: Key[] = controlId === null ? [] : [{ kind: 'control', value: controlId, authority: sender }]
  keys.push(...ofBody)
  const add = (kind: Key['kind'], text: string | null, authority: string | null = null) => {
    if (text === null || !isKeyText(text) || keys.some((k) => k.kind === kind && k.value === text)) return
    keys.push({ kind, value: text, authority })
  }
  add('request', envelopeValue(envelope, 'x-request-id'))
  add('trace', /^\w{2}-(\w{32})-/.exec(envelopeValue(envelope, 'traceparent') ?? '')?.[1] ?? null)
  return keys.slice(0, limits.keysMax)
}

function attachmentParts({ attachments }: Content): readonly PartFacts[] {
  return attachments.slice(0, limits.partsMax).map(({ mediaType }) => ({ type: mediaType?.type ?? null, keys: [], ack: null }))
}
