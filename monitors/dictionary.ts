import type { Facts } from '../gateway/model/document.ts'
import type { Monitor, Reading, Seen } from '../gateway/model/reading.ts'
import { wordedInCode } from '../gateway/model/wording-digest.ts'
import { occur } from './dictionary/code-set.ts'
import { type CodeSide, isNews, lookAround, noteNovel, setOf, settleNovel, vocabularyPart } from './dictionary/novel-codes.ts'
import {
  isPublication,
  notePublication,
  type Publications,
  publicationsPart,
  publishedBefore,
} from './dictionary/publications.ts'
import { type Coded, noteAccepted, noteRefused, othersSince, provenSuspects } from './dictionary/refused-codes.ts'
import { refusedCodesPart } from './dictionary/refused-memory.ts'
import { noteUnknown, unknownCodesPart, unknownRule } from './dictionary/unknown-codes.ts'
import { noteSystem, noteUnmapped, unmappedPart, unmappedRule } from './dictionary/unmapped-codes.ts'
import { failureMark } from './shared/failure-mark.ts'
import { hashOf, keepLast, shareOf } from './shared/rate.ts'
import { amount, type Held, list, raw, record, versioned, word } from './shared/state.ts'
import { rounded, say, shownExchanges, type Telling, voicePart } from './shared/voice.ts'
import { type InterfaceNow, type InterfaceQuestion, watchInterfaces } from './shared/watch.ts'

const voicesPart = record({
  novel: voicePart,
  moved: voicePart,
  vanished: voicePart,
  refused: voicePart,
  unknown: voicePart,
  unmapped: voicePart,
})
const memoryPart = record({
  vocabulary: vocabularyPart,
  exchangeIds: list(word()),
  refusedCodes: refusedCodesPart,
  unknownCodes: unknownCodesPart,
  unmapped: unmappedPart,
  noted: amount(),
  voices: voicesPart,
})
type Memory = Held<typeof memoryPart>
type Signal = keyof Memory['voices']

const wholePart = versioned(1, record({ publications: publicationsPart, interfaces: raw }))

/** Of one message this many codes are looked at: a Bundle of a thousand resources tells no more by its later ones. */
const codesMax = 200
/** A table that moved: so many old codes gone, and new ones in their places. */
const movedMin = 3
const lookEvery = 256
/** An answer that took the request and says in a code that it doesn't know what it is about. */
const saysUnknown = /not.?found|unknown|unmapped|unrecogni[sz]ed|no.?such|未对照|未维护|不存在|无对照/i

/**
 * Do the codes stay what they were? By sets that are closed (algorithms.md 6). `dictionary/novel`: new codes; `dictionary/moved`: a table moved, new codes
 * in the places of old ones; `dictionary/vanished`: a code is no longer used; `dictionary/refused`: the same codes are refused wherever they come, while messages
 * without them pass; `dictionary/unknown`: more requests than usual are taken and answered by a code that says that theirs is unknown; `dictionary/unmapped`: a local code where the standard's is due. New codes that everybody accepts are a warning.
 */
export const dictionary: Monitor = {
  name: 'dictionary',
  start(options, saved) {
    const whole = wholePart.start(saved)
    const running = watchInterfaces(questionBeside(whole.publications)).start(options, whole.interfaces)
    return {
      assess(item) {
        if (item.kind === 'exchange' && isPublication(item)) notePublication(whole.publications, item)
        return running.assess(item)
      },
      save: () => wholePart.save({ ...whole, interfaces: running.save() }),
    }
  },
}

function questionBeside(publications: Publications): InterfaceQuestion<Memory> {
  return {
    name: 'dictionary',
    version: 3,
    memory: memoryPart,
    note(memory, seen) {
      const { requestFacts, answerFacts } = seen.item
      // What publishes codes is full of new ones.
      if ((requestFacts === null && answerFacts === null) || isPublication(seen.item)) return
      const novelBefore = memory.vocabulary.novel.length
      if (requestFacts !== null) noteCodes(memory, '>', requestFacts, seen)
      if (answerFacts !== null) noteCodes(memory, '<', answerFacts, seen)
      if (memory.vocabulary.novel.length > novelBefore) keepLast(memory.exchangeIds, seen.exchange.id, shownExchanges)
      noteFate(memory, seen)
      noteUnmapped(memory.unmapped, seen)
      memory.noted += 1
      if (memory.noted % lookEvery === 0) lookAround(memory.vocabulary, seen.now)
    },
    judge(memory, at, out) {
      if (isQuiet(memory)) return
      sayNovel(memory, at, out, publications)
      sayRefused(memory, at, out, publications)
      sayUnknown(memory, at, out)
      sayUnmapped(memory, at, out)
    },
  }
}

function noteCodes(memory: Memory, side: CodeSide, { codes }: Facts, seen: Seen): void {
  const isFhir = seen.iface.format === 'fhir'
  for (let i = 0; i < codes.length && i < codesMax; i += 1) {
    const code = codes[i]
    if (code === undefined) continue
    if (isFhir) noteSystem(memory.unmapped, `${side}${code.path}`, code.value)
    if (code.value === noCode) continue
    const set = setOf(memory.vocabulary, side, code.path)
    if (set === null || set.isOpen) continue
    const hash = hashOf(code.value)
    if (occur(set, hash, seen.now) !== 'new') continue
    noteNovel(memory.vocabulary, set, { field: `${side}${code.path}`, hash, value: code.value }, seen)
  }
}

/** Nothing is odd, and nothing was said that would have to be taken back. */
function isQuiet({ vocabulary, refusedCodes, unknownCodes, unmapped, voices }: Memory): boolean {
  if (
    vocabulary.novel.length > 0 ||
    vocabulary.vanished > 0 ||
    refusedCodes.proven.length > 0 ||
    unmapped.rate.bad ||
    unknownCodes.rate.bad
  )
    return false
  const { novel, moved, vanished, refused, unknown, unmapped: local } = voices
  return !novel.bad && !moved.bad && !vanished.bad && !refused.bad && !unknown.bad && !local.bad
}

/** How the message fared, with its codes. */
function noteFate(memory: Memory, seen: Seen): void {
  const { item, exchange, at, iface } = seen
  const codes = item.requestFacts?.codes ?? none
  if (!codes.some(isOfDictionary)) return
  // FHIR and HL7 v2 say it by their outcome; what only an enterprise's own answer says in a code is read there.
  const isOwn = iface.format === 'json' || iface.format === 'soap'
  const ownWords = isOwn ? (item.answerFacts?.codes ?? none) : none
  if (isOwn && exchange.outcome === 'answered') {
    const isUnknown = ownWords.some(({ value }) => wordedInCode(value) === 'code')
    noteUnknown(memory.unknownCodes, isUnknown, seen)
  }
  const isRefused = exchange.outcome === 'failed' || ownWords.some(({ value }) => saysUnknown.test(value))
  if (!isRefused && exchange.outcome !== 'answered') return
  // What passed needs no sorting: of other codes none is ever suspected.
  if (!isRefused) {
    noteAccepted(memory.refusedCodes, exchange.type ?? '', codes)
    return
  }
  const suspected = codes.filter((code) => isOfDictionary(code) && code.value !== item.requestFacts?.type)
  noteRefused(memory.refusedCodes, codedOf(memory, suspected), {
    id: String(failureMark(seen)),
    at,
    exchangeId: exchange.id,
    type: exchange.type ?? '',
  })
}

const none: Facts['codes'] = []
/** Of FHIR: a concept that has a text alone. */
const noCode = '|'

/** SOP classes, modalities and the types of values (HL7 table 0125) are the standards' own and no hospital's table: what is refused by its class is refused for what it is, as is what is refused by its type (the insurance's `infno`). */
function isOfDictionary({ path, value }: Facts['codes'][number]): boolean {
  return value !== noCode && path !== 'SOPClassUID' && path !== 'Modality' && path !== 'OBX-2'
}

function codedOf({ vocabulary }: Memory, codes: Facts['codes']): readonly Coded[] {
  const isNovel = (path: string, value: string) =>
    vocabulary.novel.length > 0 && vocabulary.novel.some((n) => n.field === `>${path}` && n.hash === hashOf(value))
  return codes.slice(0, codesMax).map(({ path, value }) => ({ path, value, isNovel: isNovel(path, value) }))
}

function sayNovel(memory: Memory, at: InterfaceNow, out: Reading[], publications: Publications): void {
  const { vocabulary, voices } = memory
  settleNovel(vocabulary, new Set(provenSuspects(memory.refusedCodes).map(({ hash }) => hash)), at.now)
  // The house's own where a standard's is due is no other table: `unmapped` tells it.
  const renamed = vocabulary.novel.filter(({ former, hash }) => former >= 0 && !memory.unmapped.codes.includes(hash)).length
  const tell = () => novelTelling(memory, publications, renamed)
  say(out, voices.novel, saying('novel', at), isNews(vocabulary) ? 'warn' : null, tell)
  say(out, voices.moved, saying('moved', at), renamed >= movedMin ? 'ticket' : null, tell)
  say(out, voices.vanished, saying('vanished', at), vocabulary.vanished > 0 ? 'warn' : null, () => ({
    onsetAt: vocabulary.vanishedAt,
    score: 1,
    facts: {
      codes: vocabulary.vanished,
      path: vocabulary.vanishedField.slice(1),
      side: sideOf(vocabulary.vanishedField),
    },
    exchangeIds: [],
  }))
}

function saying(signal: Signal, at: InterfaceNow) {
  return { monitor: 'dictionary', signal, subject: { kind: 'interface', id: at.iface.id }, now: at.now } as const
}

function novelTelling(memory: Memory, publications: Publications, renamed: number): Telling {
  const { novel } = memory.vocabulary
  const [most] = novel.toSorted((a, b) => b.count - a.count)
  const onsetAt = Math.min(...novel.map(({ firstAt }) => firstAt))
  const { refused, accepted } = memory.refusedCodes
  return {
    onsetAt,
    score: rounded(1 + novel.length / 10 + renamed),
    facts: {
      codes: novel.length,
      occurrences: novel.reduce((sum, { count }) => sum + count, 0),
      path: most?.field.slice(1) ?? '',
      side: sideOf(most?.field ?? ''),
      shape: most?.shape ?? '',
      renamed,
      published: novel.filter(({ hash }) => publications.codes.includes(hash)).length,
      ...publishedBefore(publications, onsetAt),
      refusedShare: rounded(refused / Math.max(refused + accepted, 1)),
    },
    exchangeIds: memory.exchangeIds,
  }
}

function sayRefused({ refusedCodes, voices }: Memory, at: InterfaceNow, out: Reading[], publications: Publications): void {
  say(out, voices.refused, saying('refused', at), refusedCodes.proven.length > 0 ? 'ticket' : null, () => {
    const suspects = provenSuspects(refusedCodes)
    const [most] = suspects.toSorted((a, b) => b.refused - a.refused)
    const others = othersSince(refusedCodes)
    return {
      onsetAt: refusedCodes.onsetAt,
      score: rounded(Math.max(refusedCodes.provenRefused / 3, 1)),
      facts: {
        codes: suspects.length,
        path: most?.path ?? '',
        shape: most?.shape ?? '',
        refused: refusedCodes.provenRefused,
        othersAccepted: others.accepted,
        othersRefused: others.refused,
        novel: suspects.filter(({ isNovel }) => isNovel).length,
        published: suspects.filter(({ hash }) => publications.codes.includes(hash)).length,
        ...publishedBefore(publications, refusedCodes.onsetAt),
      },
      exchangeIds: refusedCodes.exchangeIds,
    }
  })
}

function sayUnknown({ unknownCodes, voices }: Memory, at: InterfaceNow, out: Reading[]): void {
  const { rate } = unknownCodes
  say(out, voices.unknown, saying('unknown', at), rate.bad ? 'ticket' : null, () => ({
    onsetAt: rate.onsetAt,
    score: rounded(Math.max(rate.sum / unknownRule(unknownCodes).threshold, 1)),
    facts: { count: rate.hits, seen: rate.seen, share: rounded(shareOf(rate)) },
    exchangeIds: rate.exchangeIds,
  }))
}

function sayUnmapped({ unmapped, voices }: Memory, at: InterfaceNow, out: Reading[]): void {
  const { rate, codes } = unmapped
  say(out, voices.unmapped, saying('unmapped', at), rate.bad ? 'warn' : null, () => ({
    onsetAt: rate.onsetAt,
    score: rounded(Math.max(rate.sum / unmappedRule.threshold, 1)),
    facts: { count: rate.hits, seen: rate.seen, share: rounded(shareOf(rate)), codes: codes.length },
    exchangeIds: rate.exchangeIds,
  }))
}

function sideOf(field: string): 'request' | 'answer' {
  return field.startsWith('<') ? 'answer' : 'request'
}
