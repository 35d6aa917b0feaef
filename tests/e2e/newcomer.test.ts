import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { expect, it } from 'vitest'
import { openBrowser } from './browser.ts'
import { describeConsole } from './console-suite.ts'
import { startProduct, waitForTicket } from './product.ts'

/** Patience, not an expectation: a busy machine may take this long for each step. */
const patienceMs = 120_000

describeConsole('a newcomer', () => {
  it('gets from the printed link to the bytes that caused the first ticket in five clicks or fewer', {
    timeout: 300_000,
  }, async () => {
    const story = join(tmpdir(), `auscult-newcomer-${process.pid}.yaml`)
    writeFileSync(story, 'timeline:\n  - { at: 4s, for: 200s, fault: zone-step, on: lis, with: { hours: -2 } }\n')
    await using product = await startProduct({ story })
    const [, link = ''] = /sign in once with (\S+)/.exec(product.auscult.output()) ?? []
    await using browser = await openBrowser({ width: 1366, height: 768 })
    const page = await browser.context.newPage()
    let clicks = 0
    const click = async (what: Locator) => {
      clicks += 1
      await what.click({ timeout: patienceMs })
    }
    clicks += 1
    await page.goto(link)
    await click(page.getByRole('button', { name: '登录', exact: true }))
    const ticket = await waitForTicket(product, () => true, patienceMs)
    // The board shows the new ticket by itself; nothing is reloaded.
    await click(page.locator(`a[href="/tickets/${ticket.id}"]`).first())
    await click(page.getByRole('link', { name: '打开引发它的报文' }))
    await page.waitForURL(/\/exchanges\//)
    const request = page.locator('.message').first()
    await click(request.getByText('十六进制', { exact: true }))
    await request.locator('.hex').filter({ hasText: '4d 53 48 7c' }).waitFor({ timeout: patienceMs })
    expect(clicks).toBeLessThanOrEqual(5)
    expect(ticket.causes[0]?.id).toBe('tz-mismatch')
  })
})
