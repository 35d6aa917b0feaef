/**
 * What is wrong with a narrative's XHTML (FHIR R4 2.4.0): `xhtml` it is no well-formed `div`; `txt-1` an element or attribute that isn't
 * allowed in it; `txt-2` it says nothing. Null: nothing is. One pass, no tree.
 */
export function narrativeProblem(text: string): 'xhtml' | 'txt-1' | 'txt-2' | null {
  const open: string[] = []
  let problem: 'txt-1' | null = null
  let says = false
  let isRootClosed = false
  let at = 0
  for (const match of text.matchAll(markup)) {
    const before = text.slice(at, match.index)
    at = match.index + match[0].length
    if (!isPlain(before, open.length > 0)) return 'xhtml'
    says ||= /\S/.test(before)
    const [, close, name = '', attributes = '', isEmpty] = match
    if (name === '' && close === undefined) continue
    if (close !== undefined) {
      if (open.pop() !== close) return 'xhtml'
      isRootClosed ||= open.length === 0
      continue
    }
    if (isRootClosed || (open.length === 0 && name !== 'div')) return 'xhtml'
    if (open.length >= depthMax) return 'xhtml'
    if (!elements.has(name) || !areAllowed(attributes)) problem = 'txt-1'
    says ||= name === 'img'
    if (isEmpty !== '/') open.push(name)
    else isRootClosed ||= open.length === 0
  }
  if (!isRootClosed || open.length > 0 || !isPlain(text.slice(at), false)) return 'xhtml'
  return problem ?? (says ? null : 'txt-2')
}

/**
 * A closing tag, an opening one with its attributes, or a comment (XML 1.0 2.5, 3.1). Each ends before the next `<` or `--`, so that the time is bounded; CDATA sections, which
 * don't, count as malformed.
 */
const markup =
  /<\/([A-Za-z][\w:.-]*)\s*>|<([A-Za-z][\w:.-]*)((?:\s+[A-Za-z_][\w:.-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|<!--(?:[^-]|-[^-])*-->/g

const depthMax = 100

/** Text between markup: no stray `<`, and every `&` begins a reference. Outside of the `div` white space alone. */
function isPlain(text: string, isInside: boolean): boolean {
  if (text.includes('<')) return false
  if (!isInside) return text.trim() === ''
  return !text.includes('&') || !/&(?!(?:[A-Za-z][A-Za-z0-9]{1,31}|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)/.test(text)
}

/** The elements of HTML 4.0 chapters 7-11 (without 9.4) and 15, `a` and `img`: what txt-1 names. */
const elements: ReadonlySet<string> = new Set(
  `a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img li ol p pre q samp small span strong
   sub sup table tbody td tfoot th thead tr tt ul var`.split(/\s+/),
)

const attributeNames: ReadonlySet<string> = new Set(
  `abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign char charoff cite class cols colspan compact coords dir frame headers height href
   hreflang hspace id lang longdesc name nowrap rel rev rowspan rules scope shape span src start style summary tabindex title type valign value vspace width`.split(
    /\s+/,
  ),
)

function areAllowed(attributes: string): boolean {
  if (attributes === '') return true
  for (const [, name = '', value = ''] of attributes.matchAll(/([A-Za-z_][\w:.-]*)\s*=\s*("[^"]*"|'[^']*')/g)) {
    const isKnown =
      attributeNames.has(name) || name === 'xmlns' || name.startsWith('xmlns:') || name === 'xml:lang' || name === 'xml:space'
    if (!isKnown || (name === 'href' && /^.\s*javascript:/i.test(value))) return false
  }
  return true
}
