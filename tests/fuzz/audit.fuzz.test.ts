import { expect, it } from 'vitest'
import { mutateAudit, mutations } from './audit-mutations.ts'
import { seeded } from './mutate.ts'

it('finds every change of the audit, and names the first bad record', { timeout: 60_000 }, async () => {
  const each = 40
  const found = await mutateAudit(each * Object.keys(mutations).length, seeded(7))
  expect(found).toEqual(Object.fromEntries(Object.keys(mutations).map((name) => [name, each])))
})
