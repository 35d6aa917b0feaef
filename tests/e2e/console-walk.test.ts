import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { allows, roleNames } from '../../gateway/desk/access/permissions.ts'
import { type Browser, openBrowser, signInBy } from './browser.ts'
import { type ConsoleFixture, startConsoleFixture } from './console-fixture.ts'
import { consolePages, inLook, pageIsThere } from './console-pages.ts'
import { describeConsole } from './console-suite.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** Every theme, language and size at least once; all of them with each other are for the pictures. */
const looks = [
  { language: 'zh', theme: 'light', width: 1366 },
  { language: 'en', theme: 'dark', width: 1366 },
  { language: 'zh', theme: 'dark', width: 390 },
] as const

describeConsole('the walk through the console', () => {
  let fixture: ConsoleFixture
  beforeAll(async () => {
    fixture = await startConsoleFixture()
  })
  afterAll(() => fixture?.[Symbol.asyncDispose]())

  it.each(looks)('finds no serious accessibility fault and nothing cut off in $language, $theme, $width px', {
    timeout: 180_000,
  }, async (look) => {
    await using browser = await openBrowser({ width: look.width, height: 800 })
    const page = await signedIn(browser, fixture, 'engineer')
    const faults: string[] = []
    for (const [name, path] of Object.entries(consolePages)) {
      await visit(page, `${fixture.address}${inLook(path, look.language, look.theme)}`)
      await page.evaluate(axe)
      const found = await page.evaluate<readonly string[]>(
        `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }).then(({ violations }) => violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ target, any }) => id + ' ' + target.join(' ') + ' ' + (any[0]?.message ?? ''))))`,
      )
      faults.push(...found.map((fault) => `${name}: ${fault}`))
      if (await isWider(page)) faults.push(`${name} is wider than the window`)
    }
    expect(faults).toEqual([])
  })

  it.each(roleNames)('shows a %s what the role may see, and no page that breaks', { timeout: 120_000 }, async (role) => {
    await using browser = await openBrowser({ width: 1366, height: 800 })
    const page = await signedIn(browser, fixture, role)
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    for (const [name, path] of Object.entries(consolePages)) {
      await follow(page, path)
      if (await isWider(page)) complaints.push(`${name} is wider than the window`)
    }
    expect(complaints).toEqual([])
    expect(await page.locator('.search-button').count()).toBe(allows(role, 'exchanges.read') ? 1 : 0)
    // What the navigation offers is what the role may open: nothing there ends in a refusal.
    await follow(page, '/')
    const links = await page.locator('.nav a').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''))
    for (const link of links) {
      await follow(page, link)
      expect(await page.locator('.problem').count(), `${role} at ${link}`).toBe(0)
    }
  })
})

async function signedIn(browser: Browser, fixture: ConsoleFixture, role: (typeof roleNames)[number]): Promise<Page> {
  const page = await browser.context.newPage()
  await signInBy(page, await fixture.signInLink(role))
  return page
}

function isWider(page: Page): Promise<boolean> {
  return page.evaluate<boolean>('document.documentElement.scrollWidth > window.innerWidth + 1')
}

async function visit(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await isThere(page)
}

/** To another page within the console, as its links go there: nothing is loaded anew. */
async function follow(page: Page, path: string): Promise<void> {
  await page.evaluate(
    `new Promise((done) => {
      history.pushState(null, '', ${JSON.stringify(path)})
      dispatchEvent(new PopStateEvent('popstate'))
      requestAnimationFrame(() => requestAnimationFrame(done))
    })`,
  )
  await isThere(page)
}

async function isThere(page: Page): Promise<void> {
  await page.waitForSelector(`${pageIsThere}, .problem`, { timeout: 20_000 })
  await page.locator('.loading').first().waitFor({ state: 'detached' })
}
