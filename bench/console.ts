/**
 * The console on a week of traffic, as people have it: the served pages in Chromium, searches over HTTP.
 *
 *   node bench/console.ts --folder FOLDER [--exchanges 5000000] [--opens 10] [--asks 300]
 *
 * FOLDER keeps the store (5 million exchanges: some minutes, about 4 GB) for the next time.
 */

import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { known } from '../gateway/app.ts'
import { loadConfig } from '../gateway/config.ts'
import { openFilled } from './console-store.ts'

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    exchanges: { type: 'string', default: '5000000' },
  },
})
if (values.folder === undefined) throw new Error('say where the store is kept: --folder FOLDER')
const total = Number(values.exchanges)
const { config } = await loadConfig(fileURLToPath(new URL('../deploy/demo/auscult.yaml', import.meta.url)), await known())
if (config === null) throw new Error('the configuration of the demonstration is wrong')
const begun = performance.now()
const store = await openFilled(values.folder, total, config.catalogue)
console.log(`${total} exchanges stored, ${((performance.now() - begun) / 1000).toFixed(0)} s`)
await store.close()
