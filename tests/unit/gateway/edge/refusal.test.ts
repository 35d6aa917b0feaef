import { describe, expect, it } from 'vitest'
import { howRefused } from '../../../../gateway/edge/refusal.ts'

const failed = (code: string) => Object.assign(new Error(code), { code })

describe('why an upstream was not connected to', () => {
  it.each([
    ['ECONNREFUSED', 'refused'],
    ['ETIMEDOUT', 'timeout'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENOTFOUND', 'dns'],
    ['ESOMETHINGNEW', 'unreachable'],
  ])('%s is %s', (code, how) => {
    expect(howRefused(failed(code))).toBe(how)
  })
  it.each([
    'EMFILE',
    'ENFILE',
    'ENOMEM',
    'ENOBUFS',
    'EADDRNOTAVAIL',
  ])('%s is the gateway’s own want, and nobody else’s', (code) => {
    expect(howRefused(failed(code))).toBe('gateway')
  })
  it('of a host with several addresses is told by the first', () => {
    expect(howRefused(new AggregateError([failed('ECONNREFUSED'), failed('ETIMEDOUT')]))).toBe('refused')
  })
})
