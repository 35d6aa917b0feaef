import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { mllp } from '../../../../../adapters/protocols/mllp/protocol.ts'
import { order } from '../../../../support/mllp.ts'

describe('the mllp protocol', () => {
  const validate = new Ajv({ useDefaults: true }).compile(mllp.optionsSchema)

  it('has a schema of its options, with their defaults', () => {
    const options = {}
    expect(validate(options)).toBe(true)
    expect(options).toMatchObject({ ackMode: 'auto', ackTimeoutMs: 30_000, lateWindowMs: 10_000 })
  })

  it.each([
    { ackMode: 'never' },
    { ackTimeoutMs: -1 },
    { ackTimeoutMs: 'long' },
    { akTimeoutMs: 5 },
  ])('refuses %o', (options) => {
    expect(validate(options)).toBe(false)
  })

  it('gives its ack mode to the decoder', () => {
    const limits = { bodyBytesMax: 1_000, frameBytesMax: 1_000 }
    const [frame] = mllp.decoder({ ackMode: 'none' }, limits).push('initiator', order('1'), 1)
    expect(frame?.head.expects).toEqual({ accept: false, application: false })
  })
})
