import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { answer, chunked, request } from '../../../../support/http.ts'
import { framesOf, httpUnderTest, told } from './transcript.ts'

const get = request('GET /x')
const ok = answer('200 OK', [], 'yes')

describe('a request and its answer', () => {
  it('are numbered on their connection, and timed by their first and last byte', () => {
    const post = request('POST /orders', [], 'ab')
    const { frames } = framesOf([
      ['>', post.subarray(0, 10)],
      ['>', post.subarray(10)],
      ['<', ok.subarray(0, -1)],
      ['<', ok.subarray(-1)],
    ])
    expect(frames).toMatchObject([
      { from: 'initiator', startAt: 1, endAt: 2, wireBytes: post.length, bodyBytes: 2 },
      { from: 'acceptor', startAt: 3, endAt: 4, wireBytes: ok.length, bodyBytes: 3 },
    ])
    expect(frames.map(({ head }) => head)).toEqual([
      {
        ...{ role: 'request', id: '1', answersId: null, idScope: 'connection', stage: null, verdict: null, code: null },
        ...{ type: 'POST /orders', expects: { accept: false, application: true } },
      },
      {
        ...{ role: 'answer', id: null, answersId: '1', idScope: 'connection', stage: 'application', verdict: 'yes' },
        ...{ code: '200', type: null, expects: null },
      },
    ])
  })
  it('follow one another on a kept connection, pipelined or not', () => {
    expect(
      told([
        ['>', Buffer.concat([get, request('PUT /y', [], '1'), get])],
        ['<', ok],
        ['<', Buffer.concat([answer('404 Not Found'), ok])],
      ]),
    ).toEqual(['> 1 GET /x []', '> 2 PUT /y [1]', '> 3 GET /x []', '< 1 200 yes [yes]', '< 2 404 no []', '< 3 200 yes [yes]'])
  })
  it.each([
    ['200', 'yes'],
    ['301', 'yes'],
    ['401', 'no'],
    ['503', 'no'],
    ['999', 'no'],
  ])('%s says %s', (status, verdict) => {
    expect(
      told([
        ['>', get],
        ['<', answer(status)],
      ])[1],
    ).toBe(`< 1 ${status} ${verdict} []`)
  })
})

describe('how long a body is (RFC 9112 6.3)', () => {
  it('by chunks, with extensions, a trailer and any size of them', () => {
    const body = 'hello, 世界'
    const bytes = Buffer.from(body)
    for (const lengths of [[1], [3, 100], [7, 1, 2]]) {
      const { frames } = framesOf([
        ['>', request('POST /x', ['Transfer-Encoding: Chunked'], chunked(body, lengths, ['Digest: a', 'Cookie: s']))],
        ['<', answer('200 OK', ['Transfer-Encoding: chunked'], chunked(body, lengths))],
        ['>', get],
      ])
      expect(frames.map((frame) => Buffer.from(frame.body).toString())).toEqual([body, body, ''])
      expect(frames[0]).toMatchObject({ bodyBytes: bytes.length, oddities: [] })
      expect(frames[0]?.envelope?.slice(-2)).toEqual([
        ['digest', 'a'],
        ['cookie', 'redacted'],
      ])
    }
  })
  it('none: to HEAD, of 204 and 304, whatever the header says', () => {
    expect(
      told([
        ['>', Buffer.concat([request('HEAD /x'), get, get, get])],
        ['<', answer('200 OK', ['Content-Length: 5'])],
        ['<', answer('204 No Content', ['Content-Length: 5'])],
        ['<', answer('304 Not Modified', ['Transfer-Encoding: chunked'])],
        ['<', ok],
      ]).slice(4),
    ).toEqual(['< 1 200 yes []', '< 2 204 yes []', '< 3 304 yes []', '< 4 200 yes [yes]'])
  })
  it('of an answer without a length: up to the end of the connection', () => {
    const reply = 'HTTP/1.0 200 OK\r\n\r\nHTTP/1.1 200 is text here\r\n'
    expect(
      told([
        ['>', get],
        ['<', reply],
        ['<', 'more'],
        ['<', { end: 'fin' }],
      ])[1],
    ).toBe('< 1 200 yes [HTTP/1.1 200 is text here\r\nmore]')
    expect(
      told([
        ['>', get],
        ['<', reply],
        ['<', { end: 'rst' }],
      ])[1],
    ).toContain('partial=rst')
    expect(
      told([
        ['>', get],
        ['<', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc'],
        ['<', { end: 'fin' }],
      ])[1],
    ).toBe('< 1 200 yes [abc] irregular=HTTP_TRANSFER_CODING')
  })
  it('leaves the content coding on, and the transfer coding off', () => {
    const body = gzipSync('a'.repeat(500))
    const { frames } = framesOf([
      ['>', get],
      ['<', answer('200 OK', ['Content-Encoding: gzip', 'Transfer-Encoding: chunked'], chunked(body, [9]))],
    ])
    expect(body.equals(frames[1]?.body ?? Buffer.alloc(0))).toBe(true)
  })
  it.each([
    [['Content-Length: 3', 'Transfer-Encoding: chunked'], '3\r\nabc\r\n0\r\n\r\n', '[abc] irregular=HTTP_LENGTH_AND_CHUNKED'],
    [['Content-Length: 3', 'Content-Length: 3'], 'abc', '[abc] irregular=HTTP_LENGTH_REPEATED'],
    [['Content-Length: 3, 3'], 'abc', '[abc] irregular=HTTP_LENGTH_REPEATED'],
    [['Content-Length: 3', 'Content-Length: 4'], 'abc', '[] irregular=HTTP_LENGTHS_DIFFER'],
    [['Content-Length: +3'], 'abc', '[] irregular=HTTP_LENGTH_INVALID'],
    [['Content-Length: 3 3'], 'abc', '[] irregular=HTTP_LENGTH_INVALID'],
    [['Content-Length: 99999999999999999999'], 'abc', '[] irregular=HTTP_LENGTH_INVALID'],
    [['Transfer-Encoding: chunked, gzip'], 'abc', '[] irregular=HTTP_TRANSFER_CODING'],
    [['Transfer-Encoding: gzip, chunked'], '3\r\nabc\r\n0\r\n\r\n', '[abc] irregular=HTTP_TRANSFER_CODING'],
    [['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], '0\r\n\r\n', '[] irregular=HTTP_TRANSFER_CODING'],
    [['Transfer-Encoding: identity', 'Content-Length: 3'], 'abc', '[abc] irregular=HTTP_LENGTH_AND_CHUNKED'],
    [['Content-Length : 3'], 'abc', '[abc] irregular=HTTP_BAD_FIELD_LINE'],
    [['Content-Length:', ' 3'], 'abc', '[abc] irregular=HTTP_OBS_FOLD'],
  ])('of a request that is ambiguous is read so, and said: %j', (headers, body, read) => {
    // Whatever was made of it, the next request is found.
    expect(told([['>', Buffer.concat([request('POST /x', headers, body), get])]])).toEqual([
      `> 1 POST /x ${read}`,
      '> 2 GET /x []',
    ])
  })
  it('is not known any more where a chunk is none', () => {
    for (const body of ['xyz\r\nabc\r\n', '3\r\nabcd\r\n', '-3\r\n', 'fffffffffffffff\r\n']) {
      expect(
        told([
          ['>', request('POST /x', ['Transfer-Encoding: chunked'], body)],
          ['>', 'rest\r\n'],
          ['>', get],
        ]),
      ).toEqual([
        expect.stringMatching(/^> 1 POST \/x \[(abc)?\] partial=broken irregular=HTTP_CHUNK_BROKEN$/),
        '> 2 GET /x []',
      ])
    }
  })
  it('in HTTP/1.0 with chunks is said', () => {
    expect(told([['>', 'POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n']])).toEqual([
      '> 1 POST /x [a] irregular=HTTP_CHUNKED_IN_1_0',
    ])
  })
})

describe('a large body', () => {
  it('is kept up to the limit, counted beyond it, and costs no memory', () => {
    const decoder = httpUnderTest({}, { bodyBytesMax: 1_000, frameBytesMax: 2_000_000 })
    const piece = Buffer.alloc(65_536, 'a')
    const head = request('POST /big', [`Content-Length: ${64 * piece.length}`])
    const frames = [...decoder.push('initiator', head, 1)]
    for (let i = 0; i < 64; i += 1) {
      frames.push(...decoder.push('initiator', piece, 2))
      expect(decoder.heldBytes).toBeLessThan(2_000)
    }
    expect(frames).toMatchObject([
      {
        bodyBytes: 64 * piece.length,
        wireBytes: head.length + 64 * piece.length,
        oddities: [{ kind: 'oversize', bytes: head.length + 64 * piece.length }],
      },
    ])
    expect(frames[0]?.body.length).toBe(1_000)
  })
  it('in one piece is a view of it, as far as the limit', () => {
    const { frames } = framesOf([['>', request('POST /x', [], 'abcdef')]], httpUnderTest({}, { bodyBytesMax: 4 }))
    expect(Buffer.from(frames[0]?.body ?? []).toString()).toBe('abcd')
    expect(frames[0]?.bodyBytes).toBe(6)
  })
})

describe('answers that come before their request is whole', () => {
  const post = request('POST /x', ['Expect: 100-continue'], 'abc')
  const head = post.subarray(0, -3)
  it('100 Continue stands behind its request, before its answer', () => {
    expect(
      told([
        ['>', head],
        ['<', answer('100 Continue')],
        ['<', answer('103 Early Hints')],
        ['>', 'abc'],
        ['<', ok],
      ]),
    ).toEqual(['> 1 POST /x [abc]', '< 1 100 interim []', '< 1 103 interim []', '< 1 200 yes [yes]'])
  })
  it('a refusal waits for what it refuses, whole or not', () => {
    const early = [['>', head] as const, ['<', answer('413 Content Too Large', [], 'no')] as const]
    expect(told([...early, ['>', 'abc'], ['>', get], ['<', ok]])).toEqual([
      '> 1 POST /x [abc]',
      '< 1 413 no [no]',
      '> 2 GET /x []',
      '< 2 200 yes [yes]',
    ])
    expect(told([...early, ['<', { end: 'fin' }], ['>', 'a'], ['>', { end: 'rst' }]])).toEqual([
      '> 1 POST /x [a] of 3 partial=rst'.replace(' of 3', ''),
      '< 1 413 no [no]',
    ])
  })
  it('of the memory for it no more is used by what follows', () => {
    const decoder = httpUnderTest({}, { bodyBytesMax: 4_096 })
    const large = answer('413 Content Too Large', [], 'n'.repeat(4_000))
    expect(
      told(
        [
          ['>', head],
          ['<', large],
          ['<', large.subarray(0, -1)],
        ],
        decoder,
      ),
    ).toEqual([])
    expect(decoder.heldBytes).toBeLessThan(6_000)
  })
  it('to a request whose first line is none make it one that could not be read', () => {
    expect(
      told([
        ['>', 'GARBAGE\r\n\r\n'],
        ['<', answer('400 Bad Request')],
        ['>', get],
        ['<', ok],
      ]),
    ).toEqual(['> 1 unknown [] bytes-before-start=11', '< 1 400 no []', '> 2 GET /x []', '< 2 200 yes [yes]'])
  })
  it('to nothing are answers to nothing', () => {
    expect(
      told([
        ['<', answer('408 Request Timeout')],
        ['>', get],
        ['<', ok],
        ['<', ok],
      ]),
    ).toEqual(['< - 408 no []', '> 1 GET /x []', '< 1 200 yes [yes]', '< - 200 yes [yes]'])
  })
})

describe('what is not HTTP/1.1', () => {
  it('after an upgrade is not read', () => {
    const upgrade = request('GET /chat', ['Upgrade: websocket', 'Connection: Upgrade'])
    expect(
      told([
        ['>', upgrade],
        ['<', Buffer.concat([answer('101 Switching Protocols'), Buffer.from([0x81, 5])])],
        ['>', 'x'],
      ]),
    ).toEqual(['> 1 GET /chat []', '< 1 101 yes []', '! HTTP_UPGRADED'])
    expect(
      told([
        ['>', upgrade],
        ['<', ok],
        ['>', get],
        ['<', ok],
      ]),
    ).toHaveLength(4)
  })
  it('in a tunnel is not read', () => {
    const connect = request('CONNECT lis:443')
    expect(
      told([
        ['>', connect],
        ['<', answer('200 Connection established', ['Content-Length: 9'])],
        ['>', 'x'],
      ]),
    ).toEqual(['> 1 CONNECT []', '< 1 200 yes []', '! HTTP_TUNNELLED'])
    expect(
      told([
        ['>', connect],
        ['>', Buffer.from([0x16, 3, 1])],
        ['<', answer('407 No')],
        ['>', connect],
        ['<', ok],
      ]),
    ).toEqual(['> 1 CONNECT []', '< 1 407 no []', '> 2 CONNECT []', '< 2 200 yes []'])
  })
  it('is known as HTTP/2 or TLS by its first bytes', () => {
    expect(told([['>', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n']])).toEqual(['! HTTP2_UNREAD'])
    expect(
      told([
        ['>', Buffer.from([0x16])],
        ['>', Buffer.from([3, 1, 2])],
      ]),
    ).toEqual(['! TLS_PASSED_THROUGH'])
    expect(told([['<', Buffer.from([0x15, 3, 3, 0, 2])]])).toEqual(['! TLS_PASSED_THROUGH'])
    expect(
      told([
        ['>', get],
        ['>', Buffer.from([0x16, 3, 1])],
      ]),
    ).toEqual(['> 1 GET /x []'])
  })
  it('is told as what could not be read', () => {
    expect(
      told([
        ['>', 'SSH-2.0-x\r\n'],
        ['<', 'SSH-2.0-y\r\n'],
        ['>', { end: 'fin' }],
        ['<', { end: 'fin' }],
      ]),
    ).toEqual(['> 1 unknown [] bytes-before-start=11', '< - unknown - [] bytes-before-start=11'])
  })
  it('throws after what stood before it was handed out, whatever is told next', () => {
    const decoder = httpUnderTest()
    expect(decoder.push('initiator', Buffer.concat([get, Buffer.from('PRI * HTTP/2.0\r\n\r\n')]), 1)).toHaveLength(1)
    expect(decoder.pending('initiator')).toBe(null)
    expect(() => decoder.end('initiator', 'fin', 2)).toThrow('HTTP/2')
  })
})

describe('what is tolerated', () => {
  it.each([
    ['GET /x HTTP/1.1\nHost: a\n\n', 'GET /x [] irregular=HTTP_BARE_LF'],
    ['\r\n\r\n\nGET /x HTTP/1.1\r\n\r\n', 'GET /x []'],
    ['GET  /x HTTP/1.1\r\n\r\n', 'GET /x [] irregular=HTTP_BAD_START_LINE'],
    ['GET /a b HTTP/1.1\r\n\r\n', 'GET /{} [] irregular=HTTP_BAD_START_LINE'],
    ['GET /x HTTP/1.1\r\nA: b\r\n c\r\n\tde\r\n\r\n', 'GET /x [] irregular=HTTP_OBS_FOLD'],
    ['GET /x HTTP/1.1\r\n folded\r\nA: b\r\n\r\n', 'GET /x [] irregular=HTTP_OBS_FOLD'],
    ['GET /x HTTP/1.1\r\nno colon\r\nA: b\r\n\r\n', 'GET /x [] irregular=HTTP_BAD_FIELD_LINE'],
    ['GET /x HTTP/1.1\r\nA\u0000: b\r\n\r\n', 'GET /x [] irregular=HTTP_BAD_FIELD_LINE'],
    ['GET /x HTTP/1.1\r\nA: b\rc\r\n\r\n', 'GET /x [] irregular=HTTP_BAD_FIELD_LINE'],
    ['get /x HTTP/1.1\r\n\r\n', 'get /x []'],
    ['M-SEARCH * HTTP/1.1\r\n\r\n', 'M-SEARCH * []'],
  ])('%j', (text, read) => {
    expect(told([['>', text]])).toEqual([`> 1 ${read}`])
  })
  it.each([
    ['HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n', '200 yes []'],
    ['HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n', '200 yes [] irregular=HTTP_BAD_START_LINE'],
    ['\r\nHTTP/1.1 200 好\r\nContent-Length: 0\r\n\r\n', '200 yes []'],
  ])('%j', (text, read) => {
    expect(
      told([
        ['>', get],
        ['<', text],
      ])[1],
    ).toBe(`< 1 ${read}`)
  })
  it('a header beyond its limits: it is not kept, and its framing is', () => {
    const long = `X: ${'v'.repeat(3_000)}`
    const steps = [['>', request('POST /x', [long, 'Content-Length: 3', ...Array<string>(300).fill('Y: z')], 'abc')] as const]
    const { frames } = framesOf(steps, httpUnderTest({ headerBytesMax: 1_024 }))
    expect(frames).toMatchObject([{ bodyBytes: 3, oddities: [{ kind: 'irregular', code: 'HTTP_HEADER_TOO_LARGE' }] }])
    expect(frames[0]?.envelope?.length).toBe(203 - 1)
    expect(told([['>', `GET /${'q'.repeat(2_000)} HTTP/1.1\r\n\r\n`]], httpUnderTest({ headerBytesMax: 1_024 }))).toEqual([
      '> 1 GET /{} [] irregular=HTTP_HEADER_TOO_LARGE',
    ])
  })
})

it('long runs of anything are read in time that grows with them and no faster', () => {
  const run = (text: string) => text.repeat(Math.floor(1_000_000 / text.length))
  for (const text of [' ', '\t', 'A', 'GET ', 'a b ', 'HTTP/1.', ',//', '?a', '-key', 'eyJ.', ';']) {
    for (const line of [
      `GET /${run(text)} HTTP/1.1`,
      `X: a${run(text)}b`,
      `Location: ${run(text)}`,
      `Authorization: Bearer ${run(text)}`,
    ])
      told(
        [
          ['>', `GET / HTTP/1.1\r\n${line}\r\n\r\n`],
          ['<', `${line}\r\n`],
        ],
        httpUnderTest({ headerBytesMax: 1_048_576 }),
      )
  }
}, 10_000)

describe('what breaks off', () => {
  it.each([
    ['GET /x', '> 1 unknown [] partial=fin'],
    ['GET /x HTTP/1.1\r\nHo', '> 1 GET /x [] partial=fin'],
    ['POST /x HTTP/1.1\r\nContent-Length: 5\r\n\r\nab', '> 1 POST /x [ab] partial=fin'],
    ['POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab', '> 1 POST /x [ab] partial=fin'],
    ['POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n', '> 1 POST /x [ab] partial=fin'],
  ])('%j', (text, read) => {
    expect(
      told([
        ['>', text],
        ['>', { end: 'fin' }],
      ]),
    ).toEqual([read])
  })
  it('is pending until then, and what is stuck is handed out once; the rest of its body is counted off', () => {
    const decoder = httpUnderTest()
    decoder.push('initiator', request('POST /x', ['Content-Length: 9'], 'abc'), 5)
    expect(decoder.pending('initiator')).toEqual({ sinceAt: 5, bytes: 50 + 'abc'.length })
    expect(
      told(
        [
          ['>', { end: 'timeout' }],
          ['>', 'def'],
          ['>', { end: 'timeout' }],
          ['>', Buffer.concat([Buffer.from('ghi'), get])],
        ],
        decoder,
      ),
    ).toEqual(['> 1 POST /x [abc] partial=timeout', '> 2 GET /x []'])
    expect(decoder.pending('initiator')).toBe(null)
  })
  it('in a stuck body keeps the rest of it from being taken for a request', () => {
    const rest = 'GET /fake HTTP/1.1\r\n\r\n'
    const post = request('POST /x', [`Content-Length: ${3 + rest.length}`], 'abc')
    expect(
      told([
        ['>', post],
        ['>', { end: 'timeout' }],
        ['>', rest],
        ['>', get],
      ]),
    ).toEqual(['> 1 POST /x [abc] partial=timeout', '> 2 GET /x []'])
  })
  it('in a stuck header leaves the next request to be found', () => {
    expect(
      told([
        ['>', 'GET /x HTTP/1.1\r\nHos'],
        ['>', { end: 'timeout' }],
        ['>', 't: a\r\n\r\n'],
        ['>', get],
      ]),
    ).toEqual(['> 1 GET /x [] partial=timeout', '> 2 GET /x []'])
  })
})

describe('lost bytes', () => {
  it('inside a body are counted as part of it, and what is kept ends before them', () => {
    const post = request('POST /x', ['Content-Length: 10'], 'abc')
    expect(
      told([
        ['>', post],
        ['>', 4],
        ['>', 'hij'],
        ['>', get],
      ]),
    ).toEqual(['> 1 POST /x [abc] of 10 gap=4', '> 2 GET /x []'])
    expect(
      told([
        ['>', post],
        ['>', 7],
        ['>', get],
      ]),
    ).toEqual(['> 1 POST /x [abc] of 10 gap=7', '> 2 GET /x []'])
    const chunks = request('POST /x', ['Transfer-Encoding: chunked'], '6\r\nab')
    expect(
      told([
        ['>', chunks],
        ['>', 4],
        ['>', '\r\n0\r\n\r\n'],
      ]),
    ).toEqual(['> 1 POST /x [ab] of 6 gap=4'])
  })
  it('beyond it end the message, and the next one is found, behind anything', () => {
    const post = request('POST /x', ['Content-Length: 10'], 'abc')
    expect(
      told([
        ['>', post],
        ['>', 500],
        ['>', 'tail}'],
        ['>', get],
      ]),
    ).toEqual(['> 1 POST /x [abc] gap=500 partial=gap', '> 2 GET /x []'])
    expect(
      told([
        ['>', get],
        ['<', 300],
        ['<', '"}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
      ]),
    ).toEqual(['> 1 GET /x []', '< 1 200 yes [] gap=300'])
  })
  it('have only what is plainly a first line taken for one', () => {
    const lines = [
      'XPOSTAL /x HTTP/1.1',
      'GET /x HTTP/1.1 said',
      'GET  HTTP/1.1',
      'get /x HTTP/1.1',
      'GET /x HTTP/2.0',
      'GET /a b HTTP/1.1',
    ]
    expect(told([['>', 9], ...lines.map((line) => ['>', `${line}\r\n\r\n`] as const), ['>', get]])).toEqual([
      '> 1 GET /x [] gap=9',
    ])
    const answers = ['HTTP/1.1 99 No', 'HTTP/1.1 2000 No', 'HTTP/1.1 600 No', 'HTTP/2 200']
    expect(told([['<', 9], ...answers.map((line) => ['<', `${line}\r\n\r\n`] as const), ['<', ok]])).toEqual([
      '< - 200 yes [yes] gap=9',
    ])
  })
  it('that held an answer have the next one belong to the request after it', () => {
    expect(
      told([
        ['>', get],
        ['<', ok.length],
        ['>', request('GET /y')],
        ['<', answer('404 No')],
      ]),
    ).toEqual(['> 1 GET /x []', '> 2 GET /y []', expect.stringMatching(/^< 2 404 no \[\] gap=/)])
  })
  it('that held one of several leave it open which request the next one answers', () => {
    expect(
      told([
        ['>', Buffer.concat([get, get])],
        ['<', 100],
        ['<', ok],
        ['>', get],
        ['<', ok],
      ]),
    ).toEqual(['> 1 GET /x []', '> 2 GET /x []', '< - 200 yes [yes] gap=100', '> 3 GET /x []', '< 3 200 yes [yes]'])
  })
  it('at the beginning of what is seen have the first whole message looked for', () => {
    expect(
      told([
        ['>', 0],
        ['<', 0],
        ['>', 'of a body}'],
        ['>', get],
        ['<', 'xyz'],
        ['<', ok],
      ]),
    ).toEqual(['> 1 GET /x []', '< 1 200 yes [yes]'])
  })
})
