import { expect, test } from 'vitest'
import { wordedCauseOf, wordingDigest } from '../../../../gateway/model/wording-digest.ts'

const causeOf = (text: string) => wordedCauseOf(wordingDigest(text) ?? '')

test('words that are a database’s own name their cause', () => {
  expect(causeOf('HikariPool-1 - Connection is not available, request timed out after 3000ms')).toBe('pool')
  expect(causeOf('ORA-12519: TNS:no appropriate service handler found')).toBe('pool')
  expect(causeOf('Too many connections (1040)')).toBe('pool')
  expect(causeOf('ORA-00060: deadlock detected while waiting for resource')).toBe('lock')
  expect(causeOf('Lock wait timeout exceeded (1205)')).toBe('lock')
  expect(causeOf("ORA-04088: error during execution of trigger 'HIS.TRG_OPR_RECORD'")).toBe('trigger')
})

test('numbers and other refusals name nothing, and the text itself never leaves', () => {
  expect(causeOf('patient 1205 not found')).toBeNull()
  expect(causeOf('Unsupported trigger event')).toBeNull()
  expect(wordingDigest('patient 1205 not found')).toMatch(/^[0-9a-f]{12}$/)
  expect(wordingDigest('Deadlock of patient Zhang')).toMatch(/^lock-[0-9a-f]{12}$/)
})
