import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fhir } from '../../adapters/formats/fhir/fhir.ts'
import { ruleNames } from '../../contracts/fhir/check/finding.ts'
import { compileContract } from '../../contracts/fhir/compile.ts'
import type { Contract, ResourceContract } from '../../contracts/fhir/contract.ts'
import { readProfile } from '../../contracts/fhir/profile/read-profile.ts'
import { standardAgreement } from '../../contracts/fhir/standard.ts'
import type { CompiledContract, Violation } from '../../gateway/model/violation.ts'

/** What somebody else says of a FHIR message, and what Auscult says. */
export interface CorpusCase {
  readonly set: 'r4-examples' | 'fhir-test-cases' | 'primitives' | 'validator-cases'
  readonly name: string
  readonly expected: 'accepted' | 'rejected'
  readonly got: 'accepted' | 'rejected'
  /** What was found, as `rule path`. */
  readonly found: readonly string[]
}

const folder = resolve(import.meta.dirname, '../../fixtures/fhir')
const hints = { at: 0, timezone: 'UTC' }

/** What HL7 calls an error weighs `ticket`, what it warns of stays `observe`. */
const strictAgreement: Contract = {
  ...standardAgreement,
  severities: Object.fromEntries(ruleNames.map((rule) => [rule, 'ticket'])),
}
const strict = compileContract(strictAgreement)

/** Every message of the corpus, held to R4. */
export function corpus(): readonly CorpusCase[] {
  return [
    ...sound('r4-examples', 'r4-examples'),
    ...sound('fhir-test-cases', 'fhir-test-cases-r4'),
    ...primitives(),
    ...validatorCases(),
  ]
}

function sound(set: CorpusCase['set'], source: string): readonly CorpusCase[] {
  return jsonFiles(source).map((name) =>
    judged({ set, name, expected: 'accepted' }, readFileSync(resolve(folder, source, name))),
  )
}

function jsonFiles(source: string): readonly string[] {
  return readdirSync(resolve(folder, source))
    .filter((name) => name.endsWith('.json'))
    .sort()
}

/** google/fhir has one value a line; each is put where a resource may have one of that type. */
function primitives(): readonly CorpusCase[] {
  return readdirSync(resolve(folder, 'primitive-validation'))
    .sort()
    .flatMap((file) => {
      const [type = '', verdict] = file.split('.')
      const lines = readFileSync(resolve(folder, 'primitive-validation', file), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
      return lines.map((line, i) => {
        const expected = verdict === 'valid' ? 'accepted' : 'rejected'
        return judged(
          { set: 'primitives', name: `${file}:${i + 1}`, expected },
          new TextEncoder().encode(resourceWith(type, line)),
        )
      })
    })
}

/** A resource that has `json` as a value of this type. Their `null` is a value that isn't there. */
function resourceWith(type: string, json: string): string {
  const member = (name: string) => (json === 'null' ? '' : `,"${name}":${json}`)
  if (type === 'xhtml') return `{"resourceType":"Basic","code":{"text":"x"},"text":{"status":"generated"${member('div')}}}`
  if (type === 'reference')
    return `{"resourceType":"Basic","code":{"text":"x"},"contained":[{"resourceType":"Basic","id":"p1","code":{"text":"y"}}],"subject":${json},"author":{"reference":"#p1"}}`
  const name = type.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  const value = `value${name.charAt(0).toUpperCase()}${name.slice(1)}`
  const extension = json === 'null' ? '' : `,"extension":[{"url":"http://auscult.dev/x"${member(value)}}]`
  return `{"resourceType":"Basic","code":{"text":"x"}${extension}}`
}

/** Runs with an option that lets pass what R4 forbids; the same files stand in the corpus without it. */
const lenient: ReadonlySet<string> = new Set(['json-comments-1-yes', 'contained-resource-bad-id-ignore'])

/** Profiles that a case is held to and that are here too: what a contract would name. */
const profiles: { readonly [name: string]: string } = { ai5: 'ai7.json' }

/** The validator's manifest, those of its entries whose file is here. */
function validatorCases(): readonly CorpusCase[] {
  const known = new Set(jsonFiles('validator-cases'))
  const manifest: readonly { readonly name: string; readonly file: string; readonly severities: object }[] = JSON.parse(
    readFileSync(resolve(folder, 'validator-cases/manifest-subset.json'), 'utf8'),
  )
  return manifest
    .filter(({ name, file }) => known.has(file) && !lenient.has(name))
    .map(({ name, file, severities }) => {
      const expected = 'error' in severities || 'fatal' in severities ? 'rejected' : 'accepted'
      const contract = profiles[name] === undefined ? strict : withProfile(profiles[name])
      return judged(
        { set: 'validator-cases', name, expected },
        readFileSync(resolve(folder, 'validator-cases', file)),
        contract,
      )
    })
}

function withProfile(file: string): CompiledContract {
  const { profile } = readProfile(readFileSync(resolve(folder, 'validator-cases', file), 'utf8'))
  if (profile === null) throw new Error(`${file} is no profile that can be held`)
  const { type } = profile
  const rules: ResourceContract = { type, side: 'both', elements: [], invariants: [], profiles: [{ profile, when: null }] }
  return compileContract({ ...strictAgreement, resources: new Map([[type, rules]]) })
}

function judged(known: Pick<CorpusCase, 'set' | 'name' | 'expected'>, body: Uint8Array, contract = strict): CorpusCase {
  const errors: readonly Violation[] = contract
    .check(fhir.read(body, hints), 'request')
    .filter(({ severity }) => severity === 'ticket')
  return {
    ...known,
    got: errors.length === 0 ? 'accepted' : 'rejected',
    found: errors.map(({ rule, path }) => `${rule} ${path}`),
  }
}
