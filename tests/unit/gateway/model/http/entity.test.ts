import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readEntity } from '../../../../../gateway/model/http/entity.ts'

const content = Buffer.from(JSON.stringify(Array.from({ length: 4_000 }, (_, i) => ({ n: (i * 7_919) % 1_000 }))))

function read(body: Uint8Array, coding: string, more: { bodyBytes?: number; contentBytesMax?: number } = {}) {
  return readEntity(body, { envelope: [['content-encoding', coding]], ...more })
}

describe('an entity body', () => {
  it('without a coding is the body itself', () => {
    expect(readEntity(content).bytes).toBe(content)
    expect(read(content, 'identity')).toEqual({ bytes: content, extent: 'whole', defect: null })
    expect(readEntity(content.subarray(0, 10), { bodyBytes: 100 }).extent).toBe('cut')
  })
  it.each([
    ['gzip', gzipSync(content)],
    ['X-GZIP', gzipSync(content)],
    ['deflate', deflateSync(content)],
    ['deflate', deflateRawSync(content)],
    ['br', brotliCompressSync(content)],
    ['zstd', zstdCompressSync(content)],
    ['deflate , gzip', gzipSync(deflateSync(content))],
    ['identity, gzip', gzipSync(content)],
    ['gzip', Buffer.concat([gzipSync(content.subarray(0, 999)), gzipSync(content.subarray(999))])],
  ])('has its coding undone: %s', (coding, body) => {
    const entity = read(body, coding)
    expect(entity).toMatchObject({ extent: 'whole', defect: null })
    expect(content.equals(entity.bytes)).toBe(true)
  })
  it('has several fields of codings undone in their order', () => {
    const envelope = [
      ['content-encoding', 'br'],
      ['content-encoding', 'gzip'],
    ] as const
    expect(content.equals(readEntity(gzipSync(brotliCompressSync(content)), { envelope }).bytes)).toBe(true)
  })
  it.each([
    ['gzip', gzipSync(content)],
    ['deflate', deflateSync(content)],
    ['br', brotliCompressSync(content)],
  ])('of which a part was kept is read as far as it goes: %s', (coding, body) => {
    const kept = body.subarray(0, body.length >> 1)
    const entity = read(kept, coding, { bodyBytes: body.length })
    expect(entity).toMatchObject({ extent: 'cut', defect: null })
    expect(entity.bytes.length).toBeGreaterThan(100)
    expect(content.subarray(0, entity.bytes.length).equals(entity.bytes)).toBe(true)
    // The same bytes, and nothing says that more was sent: the sender stopped short.
    expect(read(kept, coding)).toMatchObject({ extent: 'cut', defect: { code: 'HTTP_CODING_CUT' } })
  })
  it('that is not what its coding says is not read', () => {
    expect(read(content, 'gzip')).toMatchObject({ extent: 'unreadable', defect: { code: 'HTTP_CODING_BROKEN' } })
    expect(read(content, 'br').defect?.code).toBe('HTTP_CODING_BROKEN')
    const damaged = gzipSync(content)
    damaged.fill(0x55, damaged.length >> 1, (damaged.length >> 1) + 40)
    expect(read(damaged, 'gzip')).toMatchObject({ extent: 'unreadable', defect: { code: 'HTTP_CODING_BROKEN' } })
    expect(read(content, 'compress').defect?.code).toBe('HTTP_CODING_UNKNOWN')
    expect(read(content, 'br, br, br, br').defect?.code).toBe('HTTP_CODINGS_TOO_MANY')
  })
  it('that would grow beyond the limit is not read', () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000))
    expect(read(bomb, 'gzip')).toMatchObject({ extent: 'unreadable', defect: { code: 'HTTP_CONTENT_TOO_LARGE' } })
    expect(read(bomb.subarray(0, bomb.length >> 1), 'gzip', { bodyBytes: bomb.length }).defect?.code).toBe(
      'HTTP_CONTENT_TOO_LARGE',
    )
    expect(read(gzipSync(content), 'gzip', { contentBytesMax: content.length }).extent).toBe('whole')
    expect(read(gzipSync(content), 'gzip', { contentBytesMax: content.length - 1 }).extent).toBe('unreadable')
  })
  it('of zstd that asks for more memory than RFC 9659 allows is not read', () => {
    const large = Buffer.alloc(40_000_000, content)
    const body = zstdCompressSync(large, { params: { [constants.ZSTD_c_windowLog]: 25 } })
    expect(read(body, 'zstd', { contentBytesMax: 50_000_000 }).defect?.code).toBe('HTTP_CODING_BROKEN')
  })
  it('that is empty (HEAD, 304) has no coding to undo', () => {
    expect(read(Buffer.alloc(0), 'gzip')).toMatchObject({ extent: 'whole', defect: null })
  })
})
