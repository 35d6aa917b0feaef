import { http } from '../../adapters/protocols/http/protocol.ts'
import { httpConversation } from '../support/http.ts'
import { chunkingLaw } from './chunking.ts'

// Limits small enough that cut bodies, cut headers and oversize frames come up.
chunkingLaw(
  'http',
  () => http.decoder({ headerBytesMax: 1_024 }, { bodyBytesMax: 100, frameBytesMax: 250 }),
  httpConversation(),
)
chunkingLaw(
  'http, nothing cut',
  () => http.decoder({}, { bodyBytesMax: 1_048_576, frameBytesMax: 1_048_576 }),
  httpConversation(),
)
