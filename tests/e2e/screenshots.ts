/**
 * `node tests/e2e/screenshots.ts FOLDER [PAGE...]`: every page of the console in Chinese and English, light and dark, at 1366, 1920
 * and 390 pixels, on the fixture. For people to look at.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { openBrowser } from './browser.ts'
import { startConsoleFixture } from './console-fixture.ts'
import { consolePages, pageIsThere } from './console-pages.ts'

const sizes = [
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
  { width: 390, height: 844 },
] as const

const [folder = 'screenshots', ...asked] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
await using fixture = await startConsoleFixture()
for (const size of sizes) {
  await using browser = await openBrowser(size)
  const page = await browser.context.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') process.stderr.write(`${page.url()}: ${message.text()}\n`)
  })
  page.on('pageerror', (error) => process.stderr.write(`${page.url()}: ${error.message}\n`))
  await page.goto(`${fixture.address}/signin?lang=zh&theme=light`)
  await page.waitForSelector('.sign-in')
  if (asked.length === 0) await page.screenshot({ path: join(folder, `sign-in-zh-light-${size.width}.png`) })
  await page.goto(await fixture.signInLink('engineer'))
  for (const [name, path] of Object.entries(consolePages)) {
    if (asked.length > 0 && !asked.includes(name)) continue
    for (const lang of ['zh', 'en'])
      for (const theme of ['light', 'dark']) {
        await page.goto(`${fixture.address}${path}${path.includes('?') ? '&' : '?'}lang=${lang}&theme=${theme}`)
        await page.waitForSelector(pageIsThere, { timeout: 20_000 })
        // The event stream never ends, so that the network is never idle: what loads late is given a moment.
        await page.waitForTimeout(900)
        await page.screenshot({ path: join(folder, `${name}-${lang}-${theme}-${size.width}.png`), fullPage: true })
      }
  }
}
