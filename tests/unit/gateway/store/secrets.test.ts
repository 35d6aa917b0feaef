import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { addSecret, openSecrets, type Secrets } from '../../../../gateway/store/secrets.ts'
import { createTokens } from '../../../../gateway/store/tokens.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'auscult-secrets-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const purposes = ['tokens', 'bodies', 'bearer', 'log', 'audit', 'checkpoints', 'pseudonyms'] as const
const keysOf = (secrets: Secrets) => purposes.map((purpose) => secrets.key(purpose).export().toString('hex'))

it('gives each purpose a key of its own, and the same ones again', () => {
  const first = keysOf(openSecrets(folder))
  expect(new Set(first).size).toBe(purposes.length)
  expect(keysOf(openSecrets(folder))).toEqual(first)
  expect(statSync(join(folder, 'installation.key')).mode & 0o777).toBe(0o600)
})

it('changes with a new secret what rotates and nothing else, and still finds what was stored before', () => {
  const before = openSecrets(folder)
  addSecret(folder)
  addSecret(folder)
  const after = openSecrets(folder)
  const changed = purposes.filter((_, index) => keysOf(before)[index] !== keysOf(after)[index])
  expect(changed).toEqual(['tokens', 'bearer'])
  expect(statSync(join(folder, 'installation.key')).mode & 0o777).toBe(0o600)
  const key = { kind: 'placer', value: 'O1', authority: null } as const
  const stored = createTokens(before.keys('tokens')).tokensOf(null, [[key]])
  const candidates = createTokens(after.keys('tokens')).candidates('O1')
  expect(candidates.some((one) => Buffer.from(one).equals(Buffer.from(stored)))).toBe(true)
  const fresh = createTokens(after.keys('tokens')).tokensOf(null, [[key]])
  expect([stored[0], fresh[0]]).toEqual([0, 2])
})

it('takes no file that is not one, and adds nothing to one that is not there', () => {
  expect(() => addSecret(folder)).toThrow(/installation key/)
  const file = join(folder, 'installation.key')
  for (const text of ['', 'nonsense', `${'a'.repeat(64)}\n${'b'.repeat(63)}\n`]) {
    writeFileSync(file, text)
    expect(() => openSecrets(folder), text).toThrow(expect.objectContaining({ code: 'SECRET_INVALID' }))
  }
  expect(readFileSync(file, 'utf8')).toContain('a')
})
