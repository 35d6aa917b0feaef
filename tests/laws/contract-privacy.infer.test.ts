import { describe, expect, it } from 'vitest'
import { isResourceType } from '../../contracts/fhir/definitions/definitions.ts'
import { startInference } from '../../contracts/infer/infer.ts'
import { formats } from '../../gateway/app.ts'
import { fieldRule } from '../../gateway/desk/masking/rules.ts'
import type { Document, Format, TreeNode } from '../../gateway/model/document.ts'
import { simulatedMessages } from '../support/learnt.ts'
import { simulatedCatalogue } from '../support/simulated.ts'

const ids = [
  'his-esb-adt',
  'his-lis-lab-order',
  'lis-emr-lab-result',
  'emr-cdss-rx-check',
  'miniapp-his-appointment',
  'his-nhsa-settlement',
  'cssd-his-trace',
  'mnis-emr-nursing',
  'patient360-fhir',
]
const catalogue = await simulatedCatalogue('demo')
const known = await formats()
const heard = await simulatedMessages(ids, 12)

/** The privacy law for learnt contracts: whatever was heard, no identifier of a person, a visit or an order gets into a contract. */
describe.each(ids)('%s', (id) => {
  const iface = catalogue.interfaces.find((one) => one.id === id)
  const format = known.get(iface?.format ?? '')
  const messages = heard.get(id) ?? []
  it('learns no identifier', () => {
    if (iface === undefined || format === undefined) throw new Error(`no ${id}`)
    const inference = startInference(iface.format)
    for (const { document, side } of messages) inference.note(document, side)
    // Sure after three: everything that can be said is said.
    const text = inference.contract({ id, version: 1, title: iface.name, sureness: { sureAfter: 3 }, span: null })?.text ?? ''
    const told = new Set(text.split(/[\s,;:()"'[\]{}]+/u))
    const secrets = new Set(messages.flatMap(({ document }) => identifying(document, format)))
    expect(secrets.size).toBeGreaterThan(20)
    expect([...secrets].filter((value) => told.has(value) || (value.length >= 6 && standsIn(text, value)))).toEqual([])
  })
})

/** By itself, not as the end of a drug's code. */
function standsIn(text: string, value: string): boolean {
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1))
    if (!/\w/.test(text.charAt(at - 1)) && !/\w/.test(text.charAt(at + value.length))) return true
  return false
}

/** Keys and everything that the desk would hide by its place, four characters or more, or two Chinese ones. */
function identifying(document: Document, format: Format): readonly string[] {
  const keys = document.facts().keys.map((key) => key.value)
  const placed = leaves(document.tree()).flatMap(({ path, value }) =>
    isIdentity(format, path) && value !== null ? [value] : [],
  )
  // Where any resource may stand, its type is hidden with it; that is a word of FHIR's.
  return [...keys, ...placed]
    .filter((value) => !isResourceType(value))
    .filter((value) => value.length >= 4 || /^\p{Script=Han}{2,}$/u.test(value))
}

function isIdentity(format: Format, path: string): boolean {
  if (format.name !== 'hl7v2') return (format.identityOf?.(path) ?? null) !== null
  const match = /^([A-Z][A-Z0-9]{2})(?:\[\d+\])?-(\d+)(?:\[\d+\])?(?:\.(\d+))?/.exec(path)
  const rule = match === null ? null : fieldRule(match[1] ?? '', Number(match[2]))
  return rule !== null && !rule.plainComponents.has(Number(match?.[3] ?? 1))
}

function leaves(nodes: readonly TreeNode[]): readonly TreeNode[] {
  return nodes.flatMap((node) => (node.children.length === 0 ? [node] : leaves(node.children)))
}
