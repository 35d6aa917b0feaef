import { remembered } from '../remembered.ts'

/** What `content-type` says (RFC 9110 8.3.1). Type, subtype and the names of parameters in lower case; values as they are written. */
export interface MediaType {
  /** `application/fhir+json` */
  readonly type: string
  /** What the subtype's structure is: `json` of `application/json` and of `application/fhir+json` (RFC 6839); the subtype itself without a suffix. */
  readonly syntax: string
  /** In lower case, or null. */
  readonly charset: string | null
  /** Of multipart types. */
  readonly boundary: string | null
  /** The first of each name. */
  readonly parameters: ReadonlyMap<string, string>
}

/** Reads a `content-type`, or null when it isn't written as one. What follows a parameter that can't be read is passed over. */
export function readMediaType(value: string | null): MediaType | null {
  return value === null ? null : mediaTypeOf(value)
}

/** The same few stand in all messages of an interface; what has the boundary of a multipart in it differs each time, and is mostly too long to be kept. */
const mediaTypeOf = remembered(readType, { entriesMax: 500 })

function readType(value: string): MediaType | null {
  if (value.length > valueCharsMax) return null
  const match = /^[ \t]*([!#$%&'*+.^_`|~\w-]+)\/([!#$%&'*+.^_`|~\w-]+)[ \t]*(?=;|$)/.exec(value)
  if (match === null) return null
  const [whole, type = '', subtype = ''] = match
  const lower = subtype.toLowerCase()
  const parameters = readParameters(value.slice(whole.length))
  return {
    type: `${type.toLowerCase()}/${lower}`,
    syntax: lower.slice(lower.lastIndexOf('+') + 1),
    charset: parameters.get('charset')?.toLowerCase() ?? null,
    boundary: parameters.get('boundary') ?? null,
    parameters,
  }
}

/** The parameters of `; name=value; name="quoted value"` (RFC 9110 5.6.6), at most 32. Blanks around `=` are forbidden there, and met. */
export function readParameters(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const parameter = /[ \t]*;[ \t]*(?:([!#$%&'*+.^_`|~\w-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^;"]*)))?/y
  for (let read = 0; read < parametersMax; read += 1) {
    const match = parameter.exec(text)
    if (match === null) break
    const [, name, quoted, bare] = match
    if (name === undefined) continue
    const key = name.toLowerCase()
    if (!found.has(key)) found.set(key, quoted === undefined ? (bare ?? '').trim() : quoted.replace(/\\(.)/g, '$1'))
  }
  return found
}

const parametersMax = 32
const valueCharsMax = 8_192
