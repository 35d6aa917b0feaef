import { dimse } from '../../adapters/protocols/dimse/protocol.ts'
import { pdu, pdv } from '../../fixtures/hospital/systems/dimse/bytes.ts'
import { dimseConversation } from '../support/dimse.ts'
import { boundLaw } from './bound.ts'
import { happenings } from './happening.ts'

/** A data fragment of four gigabytes, without pixel data to be found in it. */
const hostile = pdu(4, pdv(1, 'data', Buffer.alloc(0)), 0xffff_ffff)
hostile.writeUInt32BE(0xffff_fff0, 6)
let sent = 0
boundLaw(dimse, happenings(dimseConversation()), (size) => {
  const bytes = Buffer.alloc(size, 0x41)
  if (sent < hostile.length) hostile.copy(bytes, 0, sent, sent + size)
  sent += size
  return bytes
})
