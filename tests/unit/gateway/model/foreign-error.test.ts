import { expect, test } from 'vitest'
import type { AckFacts, Facts } from '../../../../gateway/model/document.ts'
import { withForeignWords } from '../../../../gateway/model/http/foreign-error.ts'

const facts: Facts = {
  type: null,
  version: null,
  controlId: null,
  sender: null,
  receiver: null,
  sequence: null,
  stamps: [],
  keys: [],
  charset: { declared: null, detected: 'ascii', nonAsciiCount: 0, verdict: 'agrees', delimiterInTrail: false },
  ack: null,
  defects: [],
  codes: [],
}

function answered(body: string, status = '503', contentType = 'text/html', ack: AckFacts | null = null) {
  const bytes = new TextEncoder().encode(body)
  const envelope = [
    [':status', status],
    ['content-type', contentType],
  ] as const
  const passage = { startAt: 1, endAt: 1, wireBytes: bytes.length, body: bytes, bodyBytes: bytes.length, envelope }
  const errors = withForeignWords({ ...facts, ack }, passage)?.ack?.errors ?? []
  return errors.map(({ textDigest }) => textDigest?.replace(/-.*/, '') ?? null)
}

test('a page that stands in for an answer is read for the words that name a cause', () => {
  expect(answered('<html><head><style>.pool-full{}</style></head><h1>503</h1><p>API rate limit exceeded</p></html>')).toEqual([
    'rate',
  ])
  expect(answered('Servlet: org.apache.tomcat.jdbc.pool.PoolExhaustedException', '500', 'text/plain;charset=utf-8')).toEqual([
    'pool',
  ])
  expect(answered('{"data":null,"info":"连接池已满"}', '500', 'application/json')).toEqual(['pool'])
})

test('words that name nothing, answers that are well, other content and what the format has read stay as they are', () => {
  expect(answered('<style>.too-many-connections { content: "too many connections" }</style><p>503</p>')).toEqual([])
  expect(answered('too many connections', '200')).toEqual([])
  expect(answered('too many connections', '500', 'application/octet-stream')).toEqual([])
  const own = { code: '500', answersId: null, errors: [{ code: null, location: null, textDigest: 'lock-1' }] }
  expect(answered('too many connections', '500', 'text/plain', own)).toEqual(['lock'])
})
