import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Contents } from '../../../gateway/analysis/inspect.ts'
import { ContentsWriter, readContents } from '../../../gateway/contents-codec.ts'
import { BytesError } from '../../../gateway/log/bytes.ts'
import { type AckFacts, type Facts, type Key, keyKinds } from '../../../gateway/model/document.ts'
import type { Violation } from '../../../gateway/model/violation.ts'

function written(all: readonly (Contents | null)[]) {
  const writer = new ContentsWriter(all.length)
  for (const one of all) writer.add(one)
  return writer.finish()
}

/** Read from the last to the first: each stands by itself. */
function retold(all: readonly (Contents | null)[]): readonly (Contents | null)[] {
  const reader = readContents(written(all))
  return [...all.keys()]
    .toReversed()
    .map((nth) => reader.read(nth))
    .toReversed()
}

const text = fc.string({ unit: 'binary', maxLength: 60 })
const textOrNull = fc.option(text)
const number = fc.double()
const list = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 4 })

const key: fc.Arbitrary<Key> = fc.record({ kind: fc.constantFrom(...keyKinds), value: text, authority: textOrNull })

const ack: fc.Arbitrary<AckFacts> = fc.record(
  {
    code: text,
    verdict: fc.constantFrom('yes', 'no', null),
    answersId: textOrNull,
    errors: list(fc.record({ code: textOrNull, location: textOrNull, textDigest: textOrNull })),
  },
  { requiredKeys: ['code', 'answersId', 'errors'] },
)

const facts: fc.Arbitrary<Facts> = fc.record(
  {
    type: textOrNull,
    version: textOrNull,
    controlId: textOrNull,
    sender: textOrNull,
    receiver: textOrNull,
    sequence: fc.option(number),
    stamps: list(
      fc.record({
        path: text,
        kind: fc.constantFrom('message', 'event'),
        at: fc.option(number),
        resolutionMs: fc.constantFrom(1, 1000, 60_000, 86_400_000),
        hasZone: fc.boolean(),
      }),
    ),
    keys: list(key),
    charset: fc.record({
      declared: textOrNull,
      detected: fc.constantFrom('ascii', 'utf-8', 'gb18030', 'iso-8859-1', 'utf-16', 'unknown'),
      verdict: fc.constantFrom('agrees', 'contradicts', 'garbled', 'unlabelled', 'odd-label'),
      nonAsciiCount: fc.nat(),
      delimiterInTrail: fc.boolean(),
    }),
    ack: fc.option(ack),
    defects: list(fc.record({ code: text, path: textOrNull, text })),
    parts: list(fc.record({ type: textOrNull, keys: list(key), ack: fc.option(ack) })),
    reckoning: fc.record(
      {
        agrees: fc.constantFrom(true, false, null),
        counts: list(fc.record({ of: text, count: fc.nat() })),
        sent: fc.nat(),
        taken: fc.nat(),
        left: fc.nat(),
        isOneEach: fc.constant(true),
      },
      { requiredKeys: ['agrees', 'counts'] },
    ),
    countsMore: fc.constant(true),
    hasNone: fc.constant(true),
    codes: list(fc.record({ path: text, value: text, isLocal: fc.constant(true) }, { requiredKeys: ['path', 'value'] })),
  },
  {
    requiredKeys: [
      ...(['type', 'version', 'controlId', 'sender', 'receiver', 'sequence'] as const),
      ...(['stamps', 'keys', 'charset', 'ack', 'defects', 'codes'] as const),
    ],
    noNullPrototype: true,
  },
)

const violation: fc.Arbitrary<Violation> = fc.record({
  path: text,
  element: text,
  rule: text,
  severity: fc.constantFrom('observe', 'warn', 'ticket'),
  message: fc.record({ zh: text, en: text }),
  shape: textOrNull,
  side: fc.constantFrom('request', 'answer'),
})

const contents: fc.Arbitrary<Contents> = fc.record({
  requestFacts: fc.option(facts),
  answerFacts: fc.option(facts),
  violations: list(violation),
  refusal: fc.option(fc.record({ code: textOrNull })),
  answersOther: fc.boolean(),
})

const batch = fc.array(fc.option(contents), { maxLength: 5 })

test('what bodies say comes back exactly, and in its order', () => {
  fc.assert(
    fc.property(batch, (all) => {
      expect(retold(all)).toEqual(all)
    }),
    { numRuns: 1000 },
  )
})

test('what is not said stays unsaid: no member is there that was left out', () => {
  fc.assert(
    fc.property(batch, (all) => {
      const members = (value: unknown): unknown =>
        value !== null && typeof value === 'object'
          ? Object.entries(value)
              .map(([name, one]) => [name, members(one)])
              .sort()
          : 0
      expect(members(retold(all))).toEqual(members(all))
    }),
    { numRuns: 300 },
  )
})

test('bytes that it did not make are a BytesError, and so is a number that it did not give', () => {
  const { bytes, starts } = written([null, null])
  const read = (some: Uint8Array<ArrayBuffer>, nth: number) => () => readContents({ bytes: some, starts }).read(nth)
  expect(read(bytes, 1)()).toBeNull()
  for (let end = 0; end < bytes.length; end += 1) expect(read(bytes.slice(0, end), 1)).toThrow(BytesError)
  expect(read(Uint8Array.of(...bytes, 0), 1)).toThrow(BytesError)
  expect(read(bytes, 2)).toThrow(BytesError)
})
