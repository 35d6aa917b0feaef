/** `node gateway/launch.mjs --node tests/fuzz/audit.ts [COUNT] [SEED]`: changes of the audit, by default 10,000, and how many of each kind were found. */
import process from 'node:process'
import { mutateAudit } from './audit-mutations.ts'
import { seeded } from './mutate.ts'

const [count = '10000', seed = '1'] = process.argv.slice(2)
const found = await mutateAudit(Number(count), seeded(Number(seed)))
for (const [name, number] of Object.entries(found))
  console.log(`${name}: ${number} of ${number} found, the first bad record named`)
console.log(`${Object.values(found).reduce((sum, number) => sum + number, 0)} mutations, all found`)
