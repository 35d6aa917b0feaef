import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

/** Debian's Chromium; `CHROMIUM` names another. */
export const chromiumFile = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** False where there is no browser: page tests then say so instead of failing. */
export function hasChromium(): boolean {
  return existsSync(chromiumFile)
}

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface Browser extends AsyncDisposable {
  readonly context: BrowserContext
}

/** A browser with a profile of its own, which goes with it. `width` in CSS pixels. */
export async function openBrowser({ width, height }: { readonly width: number; readonly height: number }): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'auscult-chromium-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumFile,
    headless: true,
    args: flags,
    viewport: { width, height },
    locale: 'zh-CN',
    // Another zone than the hospital's: what the pages show must not depend on the reader's.
    timezoneId: 'America/New_York',
  })
  return {
    context,
    async [Symbol.asyncDispose]() {
      await context.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}

/** Follows a one-time sign-in link, and is in. */
export async function signInBy(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await page.locator('.sign-in .ant-btn-primary').click()
  await page.waitForURL((url) => url.pathname !== '/signin')
}
