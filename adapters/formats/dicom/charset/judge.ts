import { isUtf8 } from 'node:buffer'
import { nonAsciiOf } from '../../../../gateway/model/charset.ts'
import type { CharsetFacts } from '../../../../gateway/model/document.ts'
import { commonHanziShareOfGb, commonHanziShareOfText, hasCjk, looksLatin } from '../../../../gateway/model/hanzi.ts'
import { decodeText } from './decode.ts'
import { type CharacterSets, characterSetsOf } from './terms.ts'

/** A text of the message that isn't plain ASCII. */
export interface ForeignText {
  readonly bytes: Buffer
  readonly delimiters: readonly number[]
}

/** What the texts of a message are, against what it says they are, and how to read what its own label can't. */
export interface Judgement {
  readonly facts: CharsetFacts
  /** What the texts are rather than what is declared; null: what is declared. One that isn't valid in it is read as declared all the same. */
  readonly fallback: CharacterSets | null
  /** Which of the texts are not valid in what they are read as. */
  readonly broken: readonly number[]
}

type Detected = CharsetFacts['detected']

/** UTF-8 that is valid over so many characters is near-proof; below, the label and the share of common hanzi decide (see the HL7 v2 format). */
const proofChars = 6

const utf8Sets = characterSetsOf('ISO_IR 192')
const gbSets = characterSetsOf('GB18030')
const latinSets = characterSetsOf('ISO_IR 100')

/**
 * Judges the label by the bytes, in this order: escape sequences that its code extensions account for; strictly valid UTF-8; strictly valid
 * GB18030 of which the everyday characters are Chinese (nearly every accented Latin text is valid GB18030 too); what the label itself says. Sets that
 * `detected` has no word for (Japanese, Korean, code extensions) are `unknown` when they agree; parts of ISO 8859 count as `iso-8859-1`.
 */
export function judge(sets: CharacterSets, texts: readonly ForeignText[]): Judgement {
  const { declared } = sets
  if (texts.length === 0) {
    // No label says ASCII (PS3.3 C.12.1.1.2), and ASCII it is.
    const verdict = sets.isOdd ? 'odd-label' : 'agrees'
    return {
      facts: { declared, detected: 'ascii', verdict, nonAsciiCount: 0, delimiterInTrail: false },
      fallback: null,
      broken: [],
    }
  }
  const asDeclared = texts.map(({ bytes, delimiters }) => decodeText(bytes, sets, delimiters))
  const isStrict = asDeclared.every((one) => one.isStrict)
  const detected = detect(sets, texts, isStrict)
  const verdict = verdictOn(sets, detected, isStrict)
  const fallback = verdict === 'agrees' ? null : setsOf(detected)
  const found = fallback === null ? asDeclared : texts.map(({ bytes, delimiters }) => decodeText(bytes, fallback, delimiters))
  const read = found.map((one, i) => (one.isStrict ? one : (asDeclared[i] ?? one)))
  return {
    facts: {
      declared,
      detected,
      verdict,
      nonAsciiCount: read.reduce((sum, { text }) => sum + nonAsciiOf(text), 0),
      delimiterInTrail: read.some(({ hasDelimiterInTrail }) => hasDelimiterInTrail),
    },
    fallback,
    broken: found.flatMap((one, i) => (one.isStrict ? [] : i)),
  }
}

function setsOf(detected: Detected): CharacterSets | null {
  if (detected === 'utf-8') return utf8Sets
  if (detected === 'gb18030') return gbSets
  return detected === 'iso-8859-1' ? latinSets : null
}

function detect(sets: CharacterSets, texts: readonly ForeignText[], isStrict: boolean): Detected {
  if (texts.some(({ bytes }) => bytes.includes(0x1b))) {
    if (!isStrict && !texts.every((text) => isReadable(text, sets))) return 'unknown'
    return sets.extensions.has('58') || texts.some(({ bytes }) => bytes.includes('\x1b$)A')) ? 'gb18030' : 'unknown'
  }
  if (sets.encoding === 'utf-8' && isStrict) return 'utf-8'
  const bytes = Buffer.concat(texts.flatMap((text) => [text.bytes, newline]))
  if (isUtf8(bytes)) {
    const text = bytes.toString('utf8')
    if (nonAsciiOf(text) >= proofChars || !isStrictGb(bytes)) return 'utf-8'
    const isChinese = commonHanziShareOfGb(bytes) > commonHanziShareOfText(text)
    return !isChinese || (sets.encoding !== 'gb18030' && hasCjk(text)) ? 'utf-8' : 'gb18030'
  }
  if (isMostlyUtf8(texts)) return 'utf-8'
  if (isStrictGb(bytes) && !mayBeLabelled(sets, bytes, isStrict)) return 'gb18030'
  if (isStrict) return sets.initial === null ? 'unknown' : sets.initial.name === '13' ? 'unknown' : 'iso-8859-1'
  // Neither as a whole: what most of the texts are.
  const utf8 = texts.filter((one) => isUtf8(one.bytes)).length
  const chinese = texts.filter((one) => !isUtf8(one.bytes) && isStrictGb(one.bytes)).length
  if (utf8 === 0 && chinese === 0) return looksLatin(bytes) ? 'iso-8859-1' : 'unknown'
  return utf8 >= chinese ? 'utf-8' : 'gb18030'
}

function isStrictGb(bytes: Buffer): boolean {
  return decodeText(bytes, gbSets, []).isStrict
}

/** Whether the message is UTF-8 but for some of its texts: GB18030 as a whole would take those for its own. */
function isMostlyUtf8(texts: readonly ForeignText[]): boolean {
  const counts = texts.filter(({ bytes }) => isUtf8(bytes)).map(({ bytes }) => nonAsciiOf(bytes.toString('utf8')))
  const charCount = counts.reduce((sum, count) => sum + count, 0)
  return counts.some((count) => count >= proofChars) || (charCount >= proofChars && counts.length * 2 >= texts.length)
}

const newline = Buffer.from('\n')

/** Whether text that is valid GB18030 is rather what its label, or its looks, say. */
function mayBeLabelled(sets: CharacterSets, bytes: Buffer, isStrict: boolean): boolean {
  if (sets.encoding !== 'iso-2022') return false
  const share = commonHanziShareOfGb(bytes)
  if (sets.initial === null) return share < 0.3 && looksLatin(bytes)
  // Cyrillic, Greek, Hebrew, Arabic, Thai and kana fill the same rows as common hanzi do, and nobody writes those labels by default.
  return isStrict && (!defaultLabels.has(sets.initial.name) || share < 0.5)
}

/** Labels that devices carry whatever they write: ISO_IR 100 and its Latin relatives. */
const defaultLabels = new Set(['100', '101', '109', '110', '148', '203'])

function verdictOn(sets: CharacterSets, detected: Detected, isStrict: boolean): CharsetFacts['verdict'] {
  if (sets.declared === null) return 'unlabelled'
  const isSame =
    sets.encoding === 'utf-8'
      ? detected === 'utf-8'
      : sets.encoding === 'gb18030'
        ? detected === 'gb18030'
        : !isForeignTo(sets, detected)
  if (isStrict && isSame) return sets.isOdd ? 'odd-label' : 'agrees'
  const isNameless = sets.isOdd && sets.encoding === 'iso-2022' && sets.initial === null && sets.extensions.size === 0
  return isNameless && detected !== 'unknown' ? 'odd-label' : isSame && detected !== 'unknown' ? 'agrees' : 'contradicts'
}

/** Bytes that were found to be UTF-8 or GB18030 under a label of ISO 646, 8859 or 2022 that doesn't have them. */
function isForeignTo(sets: CharacterSets, detected: Detected): boolean {
  if (detected === 'utf-8') return true
  if (detected === 'gb18030') return !sets.extensions.has('58')
  return detected === 'iso-8859-1' && sets.initial === null
}

/** Read by its escape sequences, though they stand where they shouldn't. */
function isReadable({ bytes, delimiters }: ForeignText, sets: CharacterSets): boolean {
  return !decodeText(bytes, sets, delimiters).text.includes('\ufffd')
}
