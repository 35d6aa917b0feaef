/**
 * `node tests/fuzz/run.ts --frames 1000000 --seed 1`: mutated frames through decoder, head and pairing. Prints how far it is and
 * what came out; ends with 1 at the first fault, with the seed that shows it again. Stages after pairing (a format, a contract)
 * are given to `fuzzMllp` by whoever runs it with them.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ack, order } from '../support/mllp.ts'
import { fuzzMllp } from './mllp.fuzz.ts'
import { seeded } from './mutate.ts'

/** The fixtures' messages in their blocks, and orders and acks that fit together. */
export function fuzzSeeds(): readonly Buffer[] {
  const folder = new URL('../../fixtures/messages/', import.meta.url)
  const messages = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(hl7|txt|bin)$/.test(entry.name))
    .map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`))
    .filter((bytes) => bytes.length < 16_384)
  const blocks = messages.map((bytes) => Buffer.concat([Buffer.from([0x0b]), bytes, Buffer.from([0x1c, 0x0d])]))
  const pairs = Array.from({ length: 40 }, (_, i) => [
    order(`${i}`),
    ack(['AA', 'AE', 'CA', 'CE'][i % 4] ?? 'AA', `${i}`),
  ]).flat()
  // As many pairs as messages: both are met alike.
  return [...blocks, ...Array.from({ length: Math.ceil(blocks.length / pairs.length) }, () => pairs).flat()]
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { frames: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
  })
  const seeds = fuzzSeeds()
  const total = Number(values.frames)
  const step = 50_000
  let sent = 0
  for (let seed = Number(values.seed); sent < total; seed++) {
    try {
      const counts = fuzzMllp({ frames: Math.min(step, total - sent), seeds, random: seeded(seed), stages: [] })
      sent += counts.frames
      console.log(`seed ${seed}: ${sent} frames so far`, counts.outcomes)
    } catch (error) {
      console.error(`a fault with --frames ${step} --seed ${seed}`, error)
      process.exit(1)
    }
  }
}
