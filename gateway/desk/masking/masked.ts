import type { Document, TreeNode } from '../../model/document.ts'
import type { Envelope } from '../../model/envelope.ts'
import type { Identity } from '../../model/identity.ts'
import type { TreeNodeAnswer } from '../api/shapes.ts'
import { decodeWithPlaces } from './charset.ts'
import { hiddenInHl7, walkHl7 } from './hl7-text.ts'
import { hiddenInMarked, type IdentityOf, markupOf, walkMarked } from './marked-text.ts'
import { fieldRule, identityOf } from './rules.ts'
import { hidden, hiddenByContent, isTelling, type Secret, type Stretch, starred } from './values.ts'

/** A body and what its format read from it. */
export interface ReadBody {
  readonly bytes: Uint8Array
  readonly document: Document
  /** What the format says of a path; left out where it says nothing. */
  readonly identityOf?: IdentityOf
  readonly envelope?: Envelope
}

/**
 * What identifies somebody in any message of an exchange: an answer that repeats the request's patient is masked by the request,
 * and the other way round.
 */
export function secretsOf(bodies: readonly ReadBody[]): readonly Secret[] {
  const secrets = new Map<string, Secret>()
  for (const body of bodies) for (const secret of secretsOfOne(body)) secrets.set(`${secret.identity}\0${secret.value}`, secret)
  return [...secrets.values()]
}

function secretsOfOne(body: ReadBody): readonly Secret[] {
  const { text } = textOf(body)
  if (isHl7(body)) return walkHl7(text)?.secrets ?? []
  const { identityOf } = body
  if (identityOf === undefined) return []
  const markup = markupOf(text)
  // The format may read what this walk doesn't (a message carried in another coding), so its tree is asked in any case.
  const read = secretsOfTree(body.document.tree(), identityOf)
  return markup === null ? read : [...read, ...walkMarked(text, markup, identityOf).secrets]
}

/** The decoded text with `*` over what must be hidden; segment ends as line feeds. */
export function maskedText(body: ReadBody, secrets: readonly Secret[]): string {
  const { text, isRaw } = textOf(body)
  if (isHl7(body)) {
    // Bytes that no charset explains are shown as the format could read them, and then only their structure.
    if (!isRaw) return structureOnly(text)
    const walk = walkHl7(text)
    const masked = walk === null ? structureOnly(text) : starred(text, hiddenInHl7(text, walk, secrets))
    return masked.replace(/\r\n?/g, '\n')
  }
  const markup = markupOf(text)
  if (body.identityOf === undefined) return structureOnly(text)
  if (markup === null) return linesOfTree(maskedTree(body, secrets))
  return starred(text, hiddenInMarked(text, walkMarked(text, markup, body.identityOf), secrets))
}

/** The bytes with 0x2a over what must be hidden, and where. What isn't plain text (content codings, DICOM data sets) is hidden whole. */
export function maskedBytes(
  body: ReadBody,
  secrets: readonly Secret[],
): { readonly bytes: Uint8Array; readonly ranges: readonly Stretch[] } {
  const decoded = decodeWithPlaces(body.bytes, body.document.facts().charset.detected)
  const stretches = decoded === null ? null : stretchesOf(body, decoded.text, secrets)
  const ranges =
    decoded === null || stretches === null ? [{ start: 0, end: body.bytes.length }] : stretches.map((s) => decoded.bytesOf(s))
  const bytes = Uint8Array.from(body.bytes)
  const joined = join(ranges)
  for (const { start, end } of joined) bytes.fill(0x2a, start, end)
  return { bytes, ranges: joined }
}

/** What of a body's own text must be hidden; null when nobody can say. */
function stretchesOf(body: ReadBody, text: string, secrets: readonly Secret[]): readonly Stretch[] | null {
  if (isHl7(body)) {
    const walk = walkHl7(text)
    return walk === null ? null : hiddenInHl7(text, walk, secrets)
  }
  const markup = markupOf(text)
  if (markup === null || body.identityOf === undefined) return null
  return hiddenInMarked(text, walkMarked(text, markup, body.identityOf), secrets)
}

function isHl7(body: ReadBody): boolean {
  return body.document.format === 'hl7v2'
}

/** The text of the bytes as they are, or else what the format could read of them (a content coding undone, bytes of no charset). */
function textOf(body: ReadBody): { readonly text: string; readonly isRaw: boolean } {
  const decoded = decodeWithPlaces(body.bytes, body.document.facts().charset.detected)
  const isText = decoded !== null && (isHl7(body) || markupOf(decoded.text) !== null)
  return isText ? { text: decoded.text, isRaw: true } : { text: body.document.text(), isRaw: false }
}

/** The tree with `*` over what must be hidden. Of a format that says nothing of its paths every value is hidden. */
export function maskedTree(body: ReadBody, secrets: readonly Secret[]): readonly TreeNodeAnswer[] {
  const mask = isHl7(body) ? null : (body.identityOf ?? hideAll)
  return body.document
    .tree()
    .map((node) => (mask === null ? maskedNode(node, secrets, null) : maskedByPlace(node, secrets, mask)))
}

const hideAll: IdentityOf = () => 'all'

function maskedByPlace(node: TreeNode, secrets: readonly Secret[], identityOf: IdentityOf): TreeNodeAnswer {
  const value = node.value === null ? null : maskedByIdentity(node.value, identityOf(node.path), secrets)
  return {
    ...node,
    value,
    masked: value !== node.value,
    meaning: value === node.value ? node.meaning : null,
    children: node.children.map((child) => maskedByPlace(child, secrets, identityOf)),
  }
}

function maskedByIdentity(value: string, identity: Identity | null, secrets: readonly Secret[]): string {
  const byPlace = identity === null ? [] : hidden(identity, value)
  return starred(value, [...byPlace, ...hiddenByContent(value, secrets)])
}

function secretsOfTree(nodes: readonly TreeNode[], identityOf: IdentityOf): readonly Secret[] {
  return nodes.flatMap(({ path, value, children }) => {
    const identity = value === null ? null : identityOf(path)
    const own = identity === null || value === null ? [] : [{ identity, value }].filter(isTelling)
    return [...own, ...secretsOfTree(children, identityOf)]
  })
}

/** A body that is no text, as text: a line for each value, in no language but its own. */
function linesOfTree(nodes: readonly TreeNodeAnswer[], depth = 0): string {
  return nodes
    .map(({ path, value, children }) => {
      const line = `${'  '.repeat(depth)}${value === null ? path : `${path}: ${value}`}\n`
      return line + linesOfTree(children, depth + 1)
    })
    .join('')
}

/** The tree as it is, for a reveal. */
export function openTree(document: Document): readonly TreeNodeAnswer[] {
  return document.tree().map(openNode)
}

function openNode(node: TreeNode): TreeNodeAnswer {
  return { ...node, masked: false, children: node.children.map(openNode) }
}

function maskedNode(node: TreeNode, secrets: readonly Secret[], valueType: string | null): TreeNodeAnswer {
  const type = node.path.startsWith('OBX') ? (valueTypeOf(node) ?? valueType) : null
  const value = node.value === null ? null : maskedValue(node.path, node.value, secrets, type)
  return {
    path: node.path,
    name: node.name,
    dataType: node.dataType,
    value,
    masked: value !== node.value,
    // A table's meaning of a coded value would tell what the stars hide.
    meaning: value === node.value ? node.meaning : null,
    children: node.children.map((child) => maskedNode(child, secrets, type)),
  }
}

/** OBX-2 of a segment node: whether OBX-5 is an embedded file. */
function valueTypeOf(segment: TreeNode): string | null {
  return segment.children.find((child) => /^OBX(?:\[\d+\])?-2$/.test(child.path))?.value ?? null
}

const leafPath = /^([A-Z][A-Z0-9]{2})(?:\[\d+\])?-(\d+)(?:\[\d+\])?(?:\.(\d+))?/

function maskedValue(path: string, value: string, secrets: readonly Secret[], valueType: string | null): string {
  const match = leafPath.exec(path)
  if (match === null) return starred(value, [{ start: 0, end: value.length }])
  const [, segment = '', field = '', component = '1'] = match
  const isFile = segment === 'OBX' && field === '5' && component === '5' && (valueType === 'ED' || valueType === 'RP')
  if (isFile) return starred(value, [{ start: 0, end: value.length }])
  const rule = fieldRule(segment, Number(field))
  const byField =
    rule === null || rule.plainComponents.has(Number(component)) ? [] : hidden(identityOf(rule, Number(component)), value)
  const byContent = segment === 'MSH' ? [] : hiddenByContent(value, secrets)
  return starred(value, [...byField, ...byContent])
}

/** Letters and digits are hidden, the rest shows how the text is built. */
function structureOnly(text: string): string {
  return text.replace(/[\p{L}\p{N}]/gu, '*')
}

/** Sorted, and what overlaps or touches is one. */
function join(stretches: readonly Stretch[]): readonly Stretch[] {
  const joined: Stretch[] = []
  for (const { start, end } of stretches.filter((s) => s.end > s.start).toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1)
    if (last !== undefined && start <= last.end) joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, end) }
    else joined.push({ start, end })
  }
  return joined
}
