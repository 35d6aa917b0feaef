import { fileURLToPath } from 'node:url'
import { loadConfig } from '../../../../../gateway/config/config.ts'
import type { Catalogue } from '../../../../../gateway/model/interface.ts'

const file = fileURLToPath(new URL('../../../../../gateway/catalogue/szph.yaml', import.meta.url))

async function load(): Promise<Catalogue> {
  const { config } = await loadConfig(file, { protocols: [], hasContract: () => true })
  if (config === null) throw new Error('the default catalogue is wrong')
  return config.catalogue
}

/** The hospital that comes with the product. */
export const szph = await load()
