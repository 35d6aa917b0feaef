import { dimse } from '../../adapters/protocols/dimse/protocol.ts'
import { dimseConversation } from '../support/dimse.ts'
import { chunkingLaw, copiedBodiesLaw } from './chunking.ts'

// Limits small enough that cut associations, cut data sets and oversize frames come up.
chunkingLaw('dimse', () => dimse.decoder({}, { bodyBytesMax: 700, frameBytesMax: 150 }), dimseConversation())
chunkingLaw(
  'dimse, nothing cut',
  () => dimse.decoder({}, { bodyBytesMax: 1_048_576, frameBytesMax: 1_048_576 }),
  dimseConversation(),
)
copiedBodiesLaw('dimse', () => dimse.decoder({}, { bodyBytesMax: 1_048_576, frameBytesMax: 1_048_576 }), dimseConversation())
