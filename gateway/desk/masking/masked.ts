import type { Document, TreeNode } from '../../model/document.ts'
import type { TreeNodeAnswer } from '../api/shapes.ts'
import { decodeWithPlaces } from './charset.ts'
import { hiddenInHl7, walkHl7 } from './hl7-text.ts'
import { fieldRule, identityOf } from './rules.ts'
import { hidden, hiddenByContent, type Secret, type Stretch, starred } from './values.ts'

/** A body and what its format read from it. */
export interface ReadBody {
  readonly bytes: Uint8Array
  readonly document: Document
}

/**
 * What identifies somebody in any message of an exchange: an answer that repeats the request's patient is masked by the request,
 * and the other way round.
 */
export function secretsOf(bodies: readonly ReadBody[]): readonly Secret[] {
  const secrets = new Map<string, Secret>()
  for (const { bytes, document } of bodies) {
    const text = decodeWithPlaces(bytes, document.facts().charset.detected)?.text ?? document.text()
    for (const secret of walkHl7(text)?.secrets ?? []) secrets.set(`${secret.identity}\0${secret.value}`, secret)
  }
  return [...secrets.values()]
}

/** The decoded text with `*` over what must be hidden; segment ends as line feeds. */
export function maskedText(body: ReadBody, secrets: readonly Secret[]): string {
  const text = decodeWithPlaces(body.bytes, body.document.facts().charset.detected)?.text
  // Bytes that no charset explains are shown as the format could read them, and then only their structure.
  if (text === undefined) return structureOnly(body.document.text())
  const walk = walkHl7(text)
  const masked = walk === null ? structureOnly(text) : starred(text, hiddenInHl7(text, walk, secrets))
  return masked.replace(/\r\n?/g, '\n')
}

/** The bytes with 0x2a over what must be hidden, and where. */
export function maskedBytes(
  body: ReadBody,
  secrets: readonly Secret[],
): { readonly bytes: Uint8Array; readonly ranges: readonly Stretch[] } {
  const decoded = decodeWithPlaces(body.bytes, body.document.facts().charset.detected)
  const walk = decoded === null ? null : walkHl7(decoded.text)
  const ranges =
    decoded === null || walk === null
      ? [{ start: 0, end: body.bytes.length }]
      : hiddenInHl7(decoded.text, walk, secrets).map((stretch) => decoded.bytesOf(stretch))
  const bytes = Uint8Array.from(body.bytes)
  const joined = join(ranges)
  for (const { start, end } of joined) bytes.fill(0x2a, start, end)
  return { bytes, ranges: joined }
}

/** The tree with `*` over what must be hidden. Only HL7 v2 shows values: of other formats every value is hidden until it has rules. */
export function maskedTree(body: ReadBody, secrets: readonly Secret[]): readonly TreeNodeAnswer[] {
  const isHl7 = body.document.format === 'hl7v2'
  return body.document.tree().map((node) => maskedNode(node, secrets, isHl7, null))
}

/** The tree as it is, for a reveal. */
export function openTree(document: Document): readonly TreeNodeAnswer[] {
  return document.tree().map(openNode)
}

function openNode(node: TreeNode): TreeNodeAnswer {
  return { ...node, masked: false, children: node.children.map(openNode) }
}

function maskedNode(node: TreeNode, secrets: readonly Secret[], isHl7: boolean, valueType: string | null): TreeNodeAnswer {
  const type = isHl7 && node.path.startsWith('OBX') ? (valueTypeOf(node) ?? valueType) : null
  const value = node.value === null ? null : maskedValue(node.path, node.value, secrets, isHl7, type)
  return {
    path: node.path,
    name: node.name,
    dataType: node.dataType,
    value,
    masked: value !== node.value,
    // A table's meaning of a coded value would tell what the stars hide.
    meaning: value === node.value ? node.meaning : null,
    children: node.children.map((child) => maskedNode(child, secrets, isHl7, type)),
  }
}

/** OBX-2 of a segment node: whether OBX-5 is an embedded file. */
function valueTypeOf(segment: TreeNode): string | null {
  return segment.children.find((child) => /^OBX(?:\[\d+\])?-2$/.test(child.path))?.value ?? null
}

const leafPath = /^([A-Z][A-Z0-9]{2})(?:\[\d+\])?-(\d+)(?:\[\d+\])?(?:\.(\d+))?/

function maskedValue(
  path: string,
  value: string,
  secrets: readonly Secret[],
  isHl7: boolean,
  valueType: string | null,
): string {
  const match = isHl7 ? leafPath.exec(path) : null
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
