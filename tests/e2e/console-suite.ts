import type { Page } from 'playwright-core'
import { describe } from 'vitest'
import { hasChromium } from './browser.ts'
import { unbuiltConsole } from './console-dist.ts'

const missing = hasChromium() ? unbuiltConsole() : 'no Chromium at /usr/bin/chromium'

/** A suite that opens the console in a browser. Where it can't run its name says why it is skipped; with TEST_PEERS=required it fails there. */
export function describeConsole(name: string, suite: () => void): void {
  if (missing !== null && process.env.TEST_PEERS === 'required')
    throw new Error(`the console's page tests can't run: ${missing}`)
  describe.skipIf(missing !== null)(`${name}${missing === null ? '' : ` (skipped: ${missing})`}`, suite)
}

/** Notes what the page throws and what the browser reports as an error, breaches of the content security policy too, but for answers that are `expected`. */
export function noteComplaints(page: Page, complaints: string[], expected: RegExp): void {
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !expected.test(message.text())) complaints.push(message.text())
  })
}
