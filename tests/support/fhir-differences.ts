import type { CorpusCase } from './fhir-corpus.ts'

/** Cases in which Auscult says something else than the corpus, by reason. The agreement test holds it to this list; `bench/fhir-validator.ts --table` prints it. */
export const knownDifferences: readonly { readonly reason: string; readonly cases: readonly string[] }[] = [
  {
    reason:
      'a profile or an extension that neither R4 nor the contract defines: Auscult holds messages to profiles that a contract names, and downloads none',
    cases: ['validator-cases bundle-conformsto', 'validator-cases obs-temp-bad', 'validator-cases pat-example-extensions'],
  },
  { reason: "a display text that a terminology server doesn't know: Auscult asks none", cases: ['validator-cases uk-msg'] },
  {
    reason:
      'a definition (StructureDefinition, SearchParameter, CapabilityStatement) that contradicts another one: these pass no clinical wire',
    cases: [
      'validator-cases StructureDefinition-Slice23',
      'validator-cases capstmt',
      'validator-cases obs-mz',
      'validator-cases sp-diff-base',
      'validator-cases sp-diff-type',
    ],
  },
  {
    reason: 'an empty text for XHTML, which google/fhir lets pass and R4 2.4.0 (txt-2) does not',
    cases: ['primitives xhtml.valid.ndjson:2'],
  },
  {
    reason: 'test files that do break R4: items without `linkId` (1..1), and a code that stands twice (csd-1)',
    cases: ['fhir-test-cases bundle-questionnaire.json', 'fhir-test-cases codesystem-example.json'],
  },
]

const sets = [
  ['r4-examples', "HL7's examples of R4, all valid"],
  ['fhir-test-cases', 'FHIR/fhir-test-cases `r4/examples`, meant to be valid'],
  ['primitives', "google/fhir's values of primitive types, valid and not"],
  ['validator-cases', 'FHIR/fhir-test-cases `validator`, with what the Java validator says'],
] as const

/** The confusion table in Markdown. `missed`: they reject and Auscult accepts; `false`: the other way round. */
export function tableOf(cases: readonly CorpusCase[]): string {
  const row = (name: string, own: readonly CorpusCase[]) => {
    const count = (expected: CorpusCase['expected'], got: CorpusCase['got']) =>
      own.filter((one) => one.expected === expected && one.got === got).length
    const agree = count('accepted', 'accepted') + count('rejected', 'rejected')
    const share = `${((100 * agree) / own.length).toFixed(1)} %`
    return `| ${name} | ${own.length} | ${count('accepted', 'accepted')} | ${count('rejected', 'rejected')} | ${count('rejected', 'accepted')} | ${count('accepted', 'rejected')} | ${share} |`
  }
  return [
    '| corpus | cases | both accept | both reject | missed | false | agreement |',
    '|---|---|---|---|---|---|---|',
    ...sets.map(([set, name]) =>
      row(
        name,
        cases.filter((one) => one.set === set),
      ),
    ),
    row('all', cases),
  ].join('\n')
}
