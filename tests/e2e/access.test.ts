import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Role } from '../../gateway/desk/access/permissions.ts'
import { type Browser, openBrowser, signInBy } from './browser.ts'
import { type ConsoleFixture, startConsoleFixture } from './console-fixture.ts'
import { describeConsole, noteComplaints } from './console-suite.ts'

/** Patience for a busy machine. */
const timeout = 90_000

/** Two people let a third one in, who then sees what one of them granted; a fourth reads what they all did. */
describeConsole('access', () => {
  let fixture: ConsoleFixture
  const browsers: Browser[] = []
  const complaints: string[] = []
  const pageOf = async (role: Role | null): Promise<Page> => {
    const browser = await openBrowser({ width: 1366, height: 768 })
    browsers.push(browser)
    const page = await browser.context.newPage()
    noteComplaints(page, complaints, /40[13]/)
    if (role === null) await page.goto(`${fixture.address}/`)
    else await signInBy(page, await fixture.signInLink(role))
    return page
  }
  beforeAll(async () => {
    fixture = await startConsoleFixture()
  })
  afterAll(async () => {
    for (const browser of browsers) await browser[Symbol.asyncDispose]()
    await fixture?.[Symbol.asyncDispose]()
  })
  let link = ''

  it('the administrator makes an account, and has no button to say what it may do', { timeout }, async () => {
    const admin = await pageOf('admin')
    await admin.goto(`${fixture.address}/users`)
    await admin.getByRole('button', { name: '新建账号' }).click()
    await admin.getByLabel('用户名').fill('he.jun')
    await admin.getByLabel('姓名或称呼').fill('何军')
    await admin.getByRole('dialog').getByRole('button', { name: '新建账号' }).click()
    link = await admin.getByRole('textbox', { name: '一次性登录链接' }).inputValue()
    expect(link).toContain('/signin#token=')
    await admin.keyboard.press('Escape')
    const row = admin.getByRole('row').filter({ hasText: 'he.jun' })
    await row.waitFor()
    expect(await row.textContent()).toContain('未授予')
    expect(await admin.getByRole('button', { name: '更改角色' }).count()).toBe(0)
  })

  it('the privacy officer gives it a role, and says what the role sees', { timeout }, async () => {
    const privacy = await pageOf('privacy')
    await privacy.goto(`${fixture.address}/users`)
    expect(await privacy.getByRole('button', { name: '新建账号' }).count()).toBe(0)
    await privacy.getByRole('row').filter({ hasText: 'he.jun' }).getByRole('button', { name: '更改角色' }).click()
    const dialog = privacy.getByRole('dialog')
    await dialog.getByRole('combobox').click()
    await dialog.getByText('服务台', { exact: true }).click()
    await dialog.getByRole('textbox').fill('夜班服务台')
    await dialog.getByRole('button', { name: '更改角色' }).click()
    await expect.poll(() => privacy.getByRole('row').filter({ hasText: 'he.jun' }).textContent()).toContain('服务台')
    await privacy.getByRole('row').filter({ hasText: '服务台' }).getByRole('button', { name: '更改', exact: true }).click()
    await privacy.getByLabel('姓名').check()
    await privacy.getByRole('dialog').getByRole('textbox').fill('电话核对患者身份')
    await privacy.getByRole('dialog').getByRole('button', { name: '更改' }).click()
    await expect.poll(() => privacy.getByRole('row').filter({ hasText: '身份信息' }).count()).toBe(1)
    await privacy.getByRole('cell', { name: '姓名', exact: true }).waitFor()
  })

  it('its person comes by the link, chooses a password, comes back with it, and sees what was granted', {
    timeout,
  }, async () => {
    const person = await pageOf(null)
    await signInBy(person, link)
    await person.getByRole('button', { name: '设置密码' }).click()
    await person.getByLabel('新密码', { exact: true }).fill('correct horse battery')
    await person.getByLabel('再次输入新密码').fill('correct horse battery')
    await person.getByRole('dialog').getByRole('button', { name: '设置密码' }).click()
    await person.getByRole('button', { name: '修改密码' }).waitFor()
    await person.getByRole('button', { name: '退出登录' }).click()
    await person.getByLabel('用户名').fill('he.jun')
    await person.getByLabel('密码', { exact: true }).fill('wrong horse battery')
    await person.getByRole('button', { name: '登录', exact: true }).click()
    await person.locator('.sign-in-note').waitFor()
    await person.getByLabel('密码', { exact: true }).fill('correct horse battery')
    await person.getByRole('button', { name: '登录', exact: true }).click()
    await person.getByText('何军').waitFor()
    await person.goto(`${fixture.address}/exchanges/e1-lis-tijian-result-349`)
    const request = person.locator('.message').first()
    await request.getByText('文本', { exact: true }).click()
    await request.locator('pre').filter({ hasText: '欧阳若兰' }).waitFor()
    expect(await request.locator('pre').textContent()).not.toMatch(/1990000\d{4}/)
  })

  it('the auditor reads all of it, in a chain that is whole', { timeout }, async () => {
    const auditor = await pageOf('auditor')
    await auditor.goto(`${fixture.address}/audit?by=he.jun`)
    await auditor.getByText('被拒绝', { exact: true }).first().waitFor()
    await auditor.getByRole('button', { name: '立即校验' }).click()
    await expect.poll(() => auditor.locator('.chain-state').textContent()).toMatch(/^完整：\d+ 条记录$/)
    await auditor.goto(`${fixture.address}/audit?action=grant`)
    await auditor.getByRole('cell', { name: '电话核对患者身份' }).waitFor()
  })

  it('no page broke the content security policy or threw', () => {
    expect(complaints).toEqual([])
  })
})
