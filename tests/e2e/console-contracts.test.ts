import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Browser, openBrowser, signInBy } from './browser.ts'
import { type ConsoleFixture, startConsoleFixture } from './console-fixture.ts'
import { describeConsole, noteComplaints } from './console-suite.ts'

const waitMs = 60_000

describeConsole('contracts and captures', () => {
  let fixture: ConsoleFixture
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    fixture = await startConsoleFixture()
    browser = await openBrowser({ width: 1366, height: 768 })
    page = await browser.context.newPage()
    noteComplaints(page, complaints, /401/)
    await signInBy(page, await fixture.signInLink('engineer'))
  }, waitMs)
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await fixture?.[Symbol.asyncDispose]()
  })

  it('goes from what drifts to a proposed contract, and asks what either would have ticketed', {
    timeout: 3 * waitMs,
  }, async () => {
    await page.goto(`${fixture.address}/contracts?lang=en`)
    await page
      .getByRole('link', { name: '体检检验结果' })
      .or(page.getByRole('link', { name: 'Check-up laboratory results' }))
      .click()
    await page.getByText('ORU^R01 PID-3 is left out since 11-23').waitFor()
    await page.getByRole('checkbox', { name: 'Accept PID-3 into the contract' }).first().check()
    await page.getByRole('button', { name: 'Propose a contract' }).click()
    await page.getByText('ORU^R01 PID-3: was required, is required when known now').waitFor({ timeout: waitMs })
    const downloading = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download' }).first().click()
    expect((await downloading).suggestedFilename()).toBe('lis-tijian-result.2.yaml')
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByText(/93 of \d+ exchanges break it/).waitFor({ timeout: waitMs })
    await page.getByRole('button', { name: 'Backtest the proposal' }).click()
    await page.getByText(/0 of \d+ exchanges break it; it would have opened 0 tickets/).waitFor({ timeout: waitMs })
    expect(complaints).toEqual([])
  })

  it('reads a capture that somebody brings: gives its conversation an interface, and opens an exchange in place', {
    timeout: 3 * waitMs,
  }, async () => {
    await page.goto(`${fixture.address}/captures?lang=en`)
    const file = fileURLToPath(new URL('../../deploy/demo/capture/sample.pcap', import.meta.url))
    await page.locator('input[type=file]').setInputFiles(file)
    await page.getByText('Conversations of no interface (1)').waitFor({ timeout: waitMs })
    await page.getByRole('combobox', { name: /Choose an interface/ }).click()
    await page.keyboard.type('Lab')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Analyse again' }).click()
    await page.getByText('In another time zone').first().waitFor({ timeout: waitMs })
    await page.locator('.exchange-table tbody tr').first().click()
    await page.getByText('Back to the capture').waitFor()
    await page.locator('.message .tree, .message table, .message [role=tree]').first().waitFor({ timeout: waitMs })
    expect(await page.getByTestId('reveal-request').count()).toBe(0)
    await page.getByText('Back to the capture').click()
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('Drop a pcap or pcapng file here').waitFor()
    expect(await page.getByRole('table').count()).toBe(0)
    expect(complaints).toEqual([])
  })
})
