import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { protocolOf } from './capture-names.ts'
import { capturedInterface, exchangesOf, goldenText } from './captured.ts'

/** Writes what the captures show now over what is expected of them: `npm run golden -- --update`. Read the difference before it is committed. */
if (!process.argv.includes('--update')) {
  console.error('Give --update to write the golden files anew; the tests compare them.')
  process.exitCode = 2
} else {
  const captures = join(import.meta.dirname, '../../fixtures/captures')
  for (const name of (await readdir(captures)).filter((file) => file.endsWith('.pcap'))) {
    const path = join(import.meta.dirname, 'exchanges', name.replace(/\.pcap$/, '.json'))
    await writeFile(path, goldenText(await exchangesOf([join(captures, name)], capturedInterface(protocolOf(name)))))
  }
}
