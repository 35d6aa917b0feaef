import { http } from '../../adapters/protocols/http/protocol.ts'
import { chunked, httpConversation, request } from '../support/http.ts'
import { boundLaw } from './bound.ts'
import { happenings } from './happening.ts'

/**
 * Headers of 32 kB at most, as characters of two bytes: one that is read and a line of it, of each side; and the headers of answers that wait. Beside
 * them the end of a line that is looked through, of each side.
 */
const aroundBytesMax = 2 * (3 * 32_768 + 8_193) + 2 * 32_768

let isBegun = false
const beginning = request('POST /x', ['Content-Length: 99999999'])
boundLaw(http, happenings(httpConversation()), (size) => flood(beginning, size), aroundBytesMax)

function flood(head: Buffer, size: number): Buffer {
  if (isBegun) return Buffer.alloc(size, 0x41)
  isBegun = true
  return head
}

let isChunkedBegun = false
const piece = chunked('x'.repeat(1_000), [200]).subarray(0, -5)
boundLaw(
  { ...http, name: 'http, endless chunks' },
  happenings(httpConversation()),
  () => {
    if (isChunkedBegun) return piece
    isChunkedBegun = true
    return request('POST /x', ['Transfer-Encoding: chunked'])
  },
  aroundBytesMax,
)

let isHeaderBegun = false
boundLaw(
  { ...http, name: 'http, an endless header' },
  happenings(httpConversation()),
  (size) => {
    if (isHeaderBegun) return Buffer.alloc(Math.max(size, 16), 'X: aaaaaaaaaaa\r\n')
    isHeaderBegun = true
    return Buffer.from('GET / HTTP/1.1\r\n')
  },
  aroundBytesMax,
)
