import { mllp } from '../../adapters/protocols/mllp/protocol.ts'
import { mllpConversation } from '../support/mllp.ts'
import { boundLaw } from './bound.ts'
import { happenings } from './happening.ts'

let begun = false
boundLaw(mllp, happenings(mllpConversation()), (size) => {
  const bytes = Buffer.alloc(size, 0x41)
  if (!begun) bytes[0] = 0x0b
  begun = true
  return bytes
})
