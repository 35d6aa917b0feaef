import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { identifiersIn } from './identifiers.ts'
import { toldKinds, toldVariable } from './told.ts'

/**
 * The privacy law over the whole run: whatever the product said in any test (logs, notices, metrics, tickets, reports) carries no
 * identifier of the fixtures. Fails the run after its last test.
 */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'auscult-told-'))
  process.env[toldVariable] = folder
  return () => {
    const breaches: string[] = []
    const sizes: string[] = []
    for (const kind of toldKinds) {
      let length = 0
      for (const file of readdirSync(folder).filter((name) => name.startsWith(`${kind}-`))) {
        const text = readFileSync(join(folder, file), 'utf8')
        length += text.length
        for (const { what, value, near } of identifiersIn(text)) breaches.push(`${kind}: the ${what} ${value} in "${near}"`)
      }
      sizes.push(`${kind} ${length}`)
    }
    rmSync(folder, { recursive: true, force: true })
    if (breaches.length > 0) {
      // An error in a teardown is only shown: the code is what fails the run.
      process.exitCode = 1
      throw new Error(`patient data was told where it has no business:\n${breaches.slice(0, 40).join('\n')}`)
    }
    process.stdout.write(`told without an identifier of the fixtures (characters): ${sizes.join(', ')}\n`)
  }
}
