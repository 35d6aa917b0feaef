import type { Scalar } from './json-text.ts'
import type { Stretch } from './values.ts'

export interface XmlWalk {
  readonly scalars: readonly Scalar[]
  /** What could not be read as XML, from the first odd character to the end; null: nothing. */
  readonly odd: Stretch | null
}

const depthMax = 256
const piece =
  /<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(.*?)\]\]>|<\/([^\s>]+)\s*>|<([^\s/>!?]+)((?:\s+[^\s=>/]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/suy
const attribute = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/suy

/**
 * Walks an XML text by its characters and says where texts and attribute values stand, with paths of local names: `Envelope/Body/patient/name`,
 * `id/@extension`. Comments, and what is said to a program (`<?print ...?>`), are hidden by whoever asks, as nobody can say what stands in them: they come
 * with the path `!comment`.
 */
export function walkXml(text: string): XmlWalk {
  const scalars: Scalar[] = []
  const open: string[] = []
  let at = text.startsWith('\ufeff') ? 1 : 0
  while (at < text.length) {
    piece.lastIndex = at
    const match = piece.exec(text)
    if (match === null || open.length > depthMax) return { scalars, odd: { start: at, end: text.length } }
    const [whole, data, closing, opening, attributes = '', selfClosing, words] = match
    if (opening !== undefined) {
      open.push(localName(opening))
      const offset = at + whole.indexOf(attributes, opening.length)
      if (attributes !== '') scalars.push(...attributesOf(attributes, offset, open.join('/')))
      if (selfClosing === '/') open.pop()
    } else if (closing !== undefined) {
      if (open.pop() !== localName(closing)) return { scalars, odd: { start: at, end: text.length } }
    } else if (data !== undefined) scalars.push(scalarOf(open.join('/'), at + '<![CDATA['.length, data))
    else if (words !== undefined && words.trim() !== '') scalars.push(trimmed(open.join('/'), at, words))
    else if (whole.startsWith('<!--')) scalars.push(scalarOf('!comment', at + 4, whole.slice(4, -3)))
    else if (!/^<\?xml[\s?-]/.test(whole)) scalars.push(scalarOf('!comment', at + 2, whole.slice(2, -2)))
    at = piece.lastIndex
  }
  return { scalars, odd: open.length === 0 ? null : { start: text.length, end: text.length } }
}

function attributesOf(text: string, offset: number, element: string): readonly Scalar[] {
  const found: Scalar[] = []
  let at = 0
  while (at < text.length) {
    const blanks = /\s*/uy
    blanks.lastIndex = at
    blanks.exec(text)
    attribute.lastIndex = blanks.lastIndex
    const match = attribute.exec(text)
    if (match === null) break
    const [whole, name = '', double, single] = match
    const value = double ?? single ?? ''
    found.push(
      scalarOf(
        `${element}/@${localName(name)}`,
        offset + attribute.lastIndex - whole.length + whole.length - 1 - value.length,
        value,
      ),
    )
    at = attribute.lastIndex
  }
  return found
}

function trimmed(path: string, at: number, words: string): Scalar {
  const lead = words.length - words.trimStart().length
  return scalarOf(path, at + lead, words.trim())
}

function scalarOf(path: string, start: number, raw: string): Scalar {
  return { path, stretch: { start, end: start + raw.length }, value: unescaped(raw) }
}

/** Only where it changes no length is a value compared as unescaped: stretches of content are places in the text. */
function unescaped(raw: string): string {
  if (!raw.includes('&')) return raw
  return raw.replace(/&(?:lt|gt|amp|quot|apos|#(\d{1,7})|#x([\da-f]{1,6}));/gi, (entity, decimal?: string, hex?: string) => {
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code <= 0x10ffff ? String.fromCodePoint(code) : (entities[entity] ?? entity)
  })
}

const entities: { readonly [entity: string]: string } = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&apos;': "'" }

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
