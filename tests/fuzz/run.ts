/**
 * `npm run fuzz -- --frames 1000000 --seed 1`, or `-- --seconds 60`: mutated frames of every protocol in turn, through decoder, head, pairing, format and
 * contracts. Prints how far it is, what came out and the memory it takes; ends with 1 at the first fault, with the seed that shows it again.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { seeded } from './mutate.ts'
import { bodyStages } from './stages.ts'
import { fuzzWire } from './wire.fuzz.ts'
import { dimseWire, httpWire, mllpWire } from './wires.ts'

const { values } = parseArgs({
  options: { frames: { type: 'string' }, seconds: { type: 'string' }, seed: { type: 'string', default: '1' } },
})
const wires = [
  { wire: mllpWire(), stages: await bodyStages(['hl7v2']) },
  { wire: httpWire(), stages: await bodyStages(['json', 'fhir', 'soap', 'dicom']) },
  { wire: dimseWire(), stages: await bodyStages(['dicom']) },
]
const framesMax = Number(values.frames ?? (values.seconds === undefined ? 100_000 : Number.POSITIVE_INFINITY))
const until = Date.now() + Number(values.seconds ?? 86_400) * 1000
const step = 20_000
let sent = 0
for (let seed = Number(values.seed); sent < framesMax && Date.now() < until; seed++) {
  for (const { wire, stages } of wires) {
    if (sent >= framesMax) break
    try {
      const counts = fuzzWire({ wire, frames: Math.min(step, framesMax - sent), random: seeded(seed), stages })
      sent += counts.frames
      // What a content coding that can't be undone leaves behind is freed between turns, as it is in the product; without one it would look like a leak.
      await nextTurn()
      const memory = Math.round(process.memoryUsage().rss / 1_048_576)
      console.log(`${wire.protocol.name}, seed ${seed}: ${sent} frames so far, ${memory} MB resident`, counts.outcomes)
    } catch (error) {
      console.error(`a fault of ${wire.protocol.name} with --frames ${step} --seed ${seed}`, error)
      process.exit(1)
    }
  }
}
