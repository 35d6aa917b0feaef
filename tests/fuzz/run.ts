/**
 * `npm run fuzz -- --frames 1000000 --seed 1`, or `-- --seconds 60`: mutated frames through decoder, head, pairing, format and contracts.
 * Prints how far it is, what came out and the memory it takes; ends with 1 at the first fault, with the seed that shows it again.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ack, order } from '../support/mllp.ts'
import { fuzzMllp } from './mllp.fuzz.ts'
import { seeded } from './mutate.ts'
import { analysisStages } from './stages.ts'

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
    options: { frames: { type: 'string' }, seconds: { type: 'string' }, seed: { type: 'string', default: '1' } },
  })
  const seeds = fuzzSeeds()
  const stages = analysisStages()
  const framesMax = Number(values.frames ?? (values.seconds === undefined ? 100_000 : Number.POSITIVE_INFINITY))
  const until = Date.now() + Number(values.seconds ?? 86_400) * 1000
  const step = 20_000
  let sent = 0
  for (let seed = Number(values.seed); sent < framesMax && Date.now() < until; seed++) {
    try {
      const counts = fuzzMllp({ frames: Math.min(step, framesMax - sent), seeds, random: seeded(seed), stages })
      sent += counts.frames
      const memory = Math.round(process.memoryUsage().rss / 1_048_576)
      console.log(`seed ${seed}: ${sent} frames so far, ${memory} MB resident`, counts.outcomes)
    } catch (error) {
      console.error(`a fault with --frames ${step} --seed ${seed}`, error)
      process.exit(1)
    }
  }
}
