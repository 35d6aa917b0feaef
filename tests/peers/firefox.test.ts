import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ConsoleFixture, startConsoleFixture } from '../e2e/console-fixture.ts'
import { consolePages, pageIsThere } from '../e2e/console-pages.ts'
import { type Firefox, firefoxVersion, startFirefox } from './firefox.ts'
import { missingPeersOrConsole } from './missing.ts'

const isMissing = missingPeersOrConsole([firefoxVersion]) !== null
/** Patience for a busy machine. */
const timeout = 300_000
let fixture: ConsoleFixture
let firefox: Firefox

beforeAll(async () => {
  if (isMissing) return
  fixture = await startConsoleFixture()
  firefox = await startFirefox()
}, timeout)
afterAll(async () => {
  if (isMissing) return
  await firefox.close()
  await fixture[Symbol.asyncDispose]()
}, timeout)

describe.skipIf(isMissing)('the console in Firefox', () => {
  test('shows every page, and no script complains', { timeout }, async () => {
    await firefox.open(await fixture.signInLink('engineer'))
    await firefox.click('.sign-in .ant-btn-primary')
    expect(await firefox.textOf('.tile')).not.toBe('')
    for (const [name, path] of Object.entries(consolePages)) {
      await firefox.open(`${fixture.address}${path}`)
      expect(await firefox.textOf(pageIsThere), name).not.toBe('')
      expect(firefox.complaints, name).toEqual([])
    }
  })
})
