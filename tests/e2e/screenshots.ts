/**
 * `node tests/e2e/screenshots.ts FOLDER [PAGE...]`: every page of the console in Chinese and English, light and dark, at 1366, 1920
 * and 390 pixels, on the fixture. For people to look at.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { openBrowser, signInBy } from './browser.ts'
import { startConsoleFixture } from './console-fixture.ts'
import { consolePages, inLook, pageIsThere } from './console-pages.ts'

/** Pages that an engineer doesn't have, with the role that does. */
const othersPages = {
  audit: ['/audit', 'auditor'],
  users: ['/users', 'privacy'],
  accounts: ['/users', 'admin'],
  'settings-privacy': ['/settings', 'privacy'],
  'settings-desk': ['/settings', 'desk'],
} as const

const sizes = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
  { width: 390, height: 844 },
] as const

const [folder = 'screenshots', ...asked] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
await using fixture = await startConsoleFixture()
const capture = asked.length === 0 || asked.includes('capture') ? await trySample() : null
for (const size of sizes) {
  await using browser = await openBrowser(size)
  const page = await browser.context.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') process.stderr.write(`${page.url()}: ${message.text()}\n`)
  })
  page.on('pageerror', (error) => process.stderr.write(`${page.url()}: ${error.message}\n`))
  for (const lang of ['zh', 'en'])
    for (const theme of ['light', 'dark']) {
      if (asked.length > 0 && !asked.includes('sign-in')) continue
      await page.goto(`${fixture.address}${inLook('/signin', lang, theme)}`)
      await page.waitForSelector('.sign-in')
      await page.screenshot({ path: join(folder, `sign-in-${lang}-${theme}-${size.width}.png`) })
      await page.goto(`${fixture.address}${inLook('/signin', lang, theme)}#token=${'x'.repeat(43)}`)
      await page.waitForSelector('.sign-in .ant-btn-primary')
      await page.screenshot({ path: join(folder, `sign-in-link-${lang}-${theme}-${size.width}.png`) })
    }
  await signInBy(page, await fixture.signInLink('engineer'))
  const shoot = async (name: string, path: string) => {
    if (asked.length > 0 && !asked.includes(name)) return
    for (const lang of ['zh', 'en'])
      for (const theme of ['light', 'dark']) {
        await page.goto(`${fixture.address}${inLook(path, lang, theme)}`)
        await page.waitForSelector(pageIsThere, { timeout: 20_000 })
        // The event stream never ends, so that the network is never idle: what loads late is given a moment.
        await page.waitForTimeout(900)
        await page.screenshot({ path: join(folder, `${name}-${lang}-${theme}-${size.width}.png`), fullPage: true })
      }
  }
  for (const [name, path] of Object.entries({ ...consolePages, ...(capture === null ? {} : { capture }) }))
    await shoot(name, path)
  for (const [name, [path, role]] of Object.entries(othersPages)) {
    if (asked.length > 0 && !asked.includes(name)) continue
    await signInBy(page, await fixture.signInLink(role))
    await shoot(name, path)
  }
}

/** The page of the sample capture, as somebody who clicks on it gets there. */
async function trySample(): Promise<string> {
  await using browser = await openBrowser({ width: 1366, height: 768 })
  const page = await browser.context.newPage()
  await signInBy(page, await fixture.signInLink('engineer'))
  await page.goto(`${fixture.address}/captures?lang=en`)
  await page.getByRole('button', { name: 'Try the sample' }).click()
  await page.waitForSelector('.capture-tickets li', { timeout: 60_000 })
  return new URL(page.url()).pathname
}
