import { mllp } from '../../adapters/protocols/mllp/protocol.ts'
import { mllpConversation } from '../support/mllp.ts'
import { chunkingLaw } from './chunking.ts'

// Limits small enough that cut bodies and oversize frames come up.
const limits = { bodyBytesMax: 100, frameBytesMax: 250 }

chunkingLaw('mllp', () => mllp.decoder({}, limits), mllpConversation())
chunkingLaw(
  'mllp, nothing cut',
  () => mllp.decoder({}, { bodyBytesMax: 1_048_576, frameBytesMax: 1_048_576 }),
  mllpConversation(),
)
