import { startEngine } from '../../gateway/analysis/engine.ts'
import { engineParts } from '../../gateway/app.ts'
import { demoFolder, simulatedCatalogue } from '../support/simulated.ts'
import { troubledStream } from '../support/troubled.ts'
import { replayLaw } from './replay.ts'

replayLaw('the engine of the product', async () => {
  const catalogue = await simulatedCatalogue('demo')
  const parts = await engineParts(catalogue, demoFolder)
  return { start: (saved) => startEngine(parts, saved), entries: troubledStream(catalogue) }
})
