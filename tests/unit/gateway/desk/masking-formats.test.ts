import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formats } from '../../../../gateway/app.ts'
import type { TreeNodeAnswer } from '../../../../gateway/desk/api/shapes.ts'
import { maskedBytes, maskedText, maskedTree, type ReadBody, secretsOf } from '../../../../gateway/desk/masking/masked.ts'
import type { Envelope } from '../../../../gateway/model/envelope.ts'

const bodies = new URL('../../../../fixtures/messages/other-zh-synthetic/', import.meta.url)
const resources = new URL('../../../../fixtures/fhir/zh-synthetic/', import.meta.url)
const known = await formats()

function read(format: string, bytes: Uint8Array, envelope: Envelope): ReadBody {
  const reader = known.get(format)
  if (reader === undefined) throw new Error(`no format ${format}`)
  const document = reader.read(bytes, { at: Date.UTC(2026, 10, 23), timezone: 'Asia/Shanghai', side: 'request', envelope })
  return { bytes, document, identityOf: (path) => reader.identityOf?.(path) ?? null, envelope }
}

function bodyOf(name: string): ReadBody {
  if (name.startsWith('fhir'))
    return read('fhir', readFileSync(new URL(name, resources)), [['content-type', 'application/fhir+json']])
  const bytes = readFileSync(new URL(name, bodies))
  if (name.endsWith('.xml')) return read('soap', bytes, [['content-type', 'text/xml']])
  return read('json', bytes, name.endsWith('.csv') ? [['file', name]] : [['content-type', 'application/json']])
}

function valuesOf(nodes: readonly TreeNodeAnswer[]): string {
  return nodes.map(({ value, children }) => `${value ?? ''}\n${valuesOf(children)}`).join('')
}

/** Everything that a person may see of a message. */
function shown(body: ReadBody): string {
  const secrets = secretsOf([body])
  const { bytes } = maskedBytes(body, secrets)
  return [maskedText(body, secrets), valuesOf(maskedTree(body, secrets)), Buffer.from(bytes).toString('utf8')].join('\n')
}

const names = [...readdirSync(bodies), ...readdirSync(resources).filter((name) => name.endsWith('.json'))]
/** The people of the fixtures. Staff and hospitals may be seen. */
const people = ['张三丰', '欧阳若兰', '何静', '王芳', '李四']

describe.each(names)('%s', (name) => {
  const body = bodyOf(name)
  const view = shown(body)
  it('shows no identity number, telephone number or person in any view', () => {
    expect(view).not.toMatch(/(?<![\dH])990000\d{11}[\dX]/)
    expect(view).not.toMatch(/1990000\d{4}/)
    for (const person of people) expect(view).not.toContain(person)
  })
  it('still shows what is no secret', () => {
    expect(view.replaceAll('*', '').length).toBeGreaterThan(20)
  })
})

it('what is hidden was there', () => {
  const raw = names.map((name) => shown({ ...bodyOf(name), identityOf: () => null }))
  expect(raw.some((text) => text.includes('张三丰'))).toBe(true)
  expect(raw.some((text) => text.includes('欧阳若兰'))).toBe(true)
})
