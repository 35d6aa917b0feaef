import type { Document, TreeNode } from '../../model/document.ts'
import type { Envelope } from '../../model/envelope.ts'
import type { TreeNodeAnswer } from '../api/shapes.ts'
import { decodeWithPlaces } from './charset.ts'
import { type Grants, noGrants } from './grants.ts'
import { hiddenInHl7, walkHl7 } from './hl7-text.ts'
import { maskedHl7Tree } from './hl7-tree.ts'
import { hiddenInMarked, type IdentityOf, type Markup, markupOf, walkMarked } from './marked-text.ts'
import { maskedLeaf, type Shown } from './masked-leaf.ts'
import { maskedPath } from './member-names.ts'
import type { Pseudonym } from './pseudonyms.ts'
import type { Secret } from './secret-index.ts'
import type { SensitiveCategory } from './sensitive.ts'
import { sensitivePaths } from './sensitive-paths.ts'
import { hidden, type Stretch, starred, tellingOf } from './values.ts'

/** A body and what its format read from it. */
export interface ReadBody {
  readonly bytes: Uint8Array
  readonly document: Document
  /** What the format says of a path; left out where it says nothing. */
  readonly identityOf?: IdentityOf
  readonly envelope?: Envelope
  /** What who looks may see of patients. Left out: nothing. */
  readonly grants?: Grants
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
  if (isHl7(body)) return walkHl7(text, body.grants)?.secrets ?? []
  const identityOf = placesOf(body)
  if (identityOf === null) return []
  const markup = markupOf(text)
  // The format may read what this walk doesn't (a message carried in another coding), so its tree is asked in any case.
  const read = tellingOf(secretsOfTree(body.document.tree(), identityOf))
  return markup === null ? read : [...read, ...walkMarked(text, markup, identityOf, body.grants).secrets]
}

/** The decoded text with `*` over what must be hidden; segment ends as line feeds. */
export function maskedText(body: ReadBody, secrets: readonly Secret[]): string {
  const { text, isRaw } = textOf(body)
  if (isHl7(body)) {
    // Bytes that no charset explains are shown as the format could read them, and then only their structure.
    if (!isRaw) return structureOnly(text)
    const walk = walkHl7(text, body.grants)
    const masked = walk === null ? structureOnly(text) : starred(text, hiddenInHl7(text, walk, secrets, body.grants))
    return masked.replace(/\r\n?/g, '\n')
  }
  const markup = markupOf(text)
  const identityOf = placesOf(body)
  if (identityOf === null) return structureOnly(text)
  if (markup === null) return linesOfTree(maskedTree(body, secrets))
  return starred(text, hiddenIn(body, text, { markup, identityOf }, secrets))
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
    const walk = walkHl7(text, body.grants)
    return walk === null ? null : hiddenInHl7(text, walk, secrets, body.grants)
  }
  const markup = markupOf(text)
  const identityOf = placesOf(body)
  if (markup === null || identityOf === null) return null
  return hiddenIn(body, text, { markup, identityOf }, secrets)
}

function hiddenIn(
  { document, grants }: ReadBody,
  text: string,
  { markup, identityOf }: { readonly markup: Markup; readonly identityOf: IdentityOf },
  secrets: readonly Secret[],
): readonly Stretch[] {
  const walk = walkMarked(text, markup, identityOf, grants)
  return hiddenInMarked(text, hasOwnNames(document) ? walk : { ...walk, names: [] }, secrets, grants)
}

/** Whoever writes JSON names its members, by a patient's number too. DICOM's tags and the interactions of HL7 V3 have as many digits, and name nobody. */
function hasOwnNames({ format }: Document): boolean {
  return format === 'json' || format === 'fhir'
}

/** What the format says of a path, and that all of it is hidden where a sensitive category is suppressed; null where the format says nothing. */
function placesOf({ identityOf, document, grants = noGrants }: ReadBody): IdentityOf | null {
  if (identityOf === undefined) return null
  const { categories, isSuppressed } = sensitivePaths(document.tree(), document.format, grants)
  return categories.length === 0 ? identityOf : (path) => (isSuppressed(path) ? 'all' : identityOf(path))
}

/** The sensitive categories of which something is suppressed in this body. */
export function suppressedIn(body: ReadBody): readonly SensitiveCategory[] {
  if (isHl7(body)) return walkHl7(textOf(body).text, body.grants)?.suppressed ?? []
  return sensitivePaths(body.document.tree(), body.document.format, body.grants ?? noGrants).categories
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
export function maskedTree(
  body: ReadBody,
  secrets: readonly Secret[],
  pseudonym: Pseudonym | null = null,
): readonly TreeNodeAnswer[] {
  const { grants = noGrants } = body
  const shown: Shown = { secrets, grants, pseudonym }
  if (isHl7(body)) return maskedHl7Tree(body.document.tree(), shown)
  const identityOf = placesOf(body) ?? hideAll
  const pathOf = hasOwnNames(body.document) ? (path: string) => maskedPath(path, secrets, grants) : (path: string) => path
  return body.document.tree().map((node) => maskedByPlace(node, shown, { identityOf, pathOf }))
}

const hideAll: IdentityOf = () => 'all'

interface Places {
  readonly identityOf: IdentityOf
  /** A node's path as it may be shown. */
  readonly pathOf: (path: string) => string
}

function maskedByPlace(node: TreeNode, shown: Shown, places: Places): TreeNodeAnswer {
  const identity = places.identityOf(node.path)
  const { value } = node
  const byPlace = identity === null || value === null ? [] : hidden(identity, value, shown.grants)
  return {
    ...maskedLeaf(node, byPlace, identity, shown),
    path: places.pathOf(node.path),
    children: node.children.map((child) => maskedByPlace(child, shown, places)),
  }
}

function secretsOfTree(nodes: readonly TreeNode[], identityOf: IdentityOf): readonly Secret[] {
  return nodes.flatMap(({ path, value, children }) => {
    const identity = value === null ? null : identityOf(path)
    const own = identity === null || value === null ? [] : [{ identity, value }]
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
  return { ...node, masked: false, pseudonym: null, children: node.children.map(openNode) }
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
