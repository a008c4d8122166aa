// After June was paid: who died is stopped, what was overpaid comes back, who lives is restored.
import { csv, expect, expectAccessible, hand, screenshot } from '../kit/index.mjs'
import { test, tray, turnTo, visit } from '../kit/index.mjs'

test.use({ demoOf: { june: 'sent', alone: 'stops' } })
test.describe.configure({ mode: 'serial', timeout: 120_000 })

const heading = (page) => page.getByRole('heading', { level: 1 })
const state = (page) => page.locator('.head .chip').first()
const main = (page) => page.locator('main')
const form = (page, act) => page.locator(`form[action$="/${act}"]`)

test('who is reported dead is proposed by the town and stopped by the county', async ({
  page,
  demo,
}) => {
  const [headings, ...roster] = await tray(demo, '高龄津贴发放名册_202605.csv')
  const at = (pattern) => headings.findIndex((it) => pattern.test(it))
  const whole = roster.filter((row) => /^99\d{15}[\dX]$/.test(row[at(/证/)]))
  const [name, id] = [at(/姓名/), at(/证/)].map((column) => whole[30][column])
  await visit(page, '赵数据', '/files')
  const cancelled = csv('公安死亡注销明细_六月.csv', [
    ['姓名', '公民身份号码', '死亡日期', '注销日期'],
    [name, id, '2026-05-28', '2026-06-24'],
  ])
  await hand(page, demo, cancelled, 'police_deaths', '2026-06-25')
  const file = page.url()
  await page.getByRole('button', { name: '接收，交另一人确认' }).click()
  await expect(page.getByText('等另一位数据专管员或县级审批人')).toBeVisible()
  await visit(page, '李审批', file)
  await page.getByRole('button', { name: '确认入库' }).click()
  await expect(page.getByText('已入库').first()).toBeVisible({ timeout: 30_000 })

  await visit(page, '王审核', '/stops')
  await expectAccessible(page)
  await screenshot(page, 'stops', { wholePage: true })
  await main(page).getByRole('link', { name }).click()
  await expectAccessible(page)
  await screenshot(page, 'stop-new', { wholePage: true })
  await page.getByRole('radio', { name: /去世|死亡/ }).check()
  await page.getByRole('textbox', { name: '依据' }).first().fill('村委会出具死亡证明，家属确认')
  await page.getByRole('button', { name: '提出停发' }).click()
  await page.goto('/stops?part=proposed')
  await main(page).getByRole('link', { name }).click()
  const stop = new URL(page.url()).pathname
  await expect(state(page)).toHaveText('待审批')
  await expect(page.getByRole('button', { name: /批准/ })).toHaveCount(0)

  await visit(page, '李审批', stop)
  await expectAccessible(page)
  await screenshot(page, 'stop', { wholePage: true })
  await page.getByRole('button', { name: /批准/ }).first().click()
  await expect(state(page)).toHaveText('已停发')
  await expect(main(page)).toContainText(/从 2026 年 \d 月起停发/)
  await page.getByRole('link', { name: /停发告知书/ }).click()
  await expect(heading(page)).toContainText('停发')
  await expect(main(page)).toContainText(name)
  await expectAccessible(page)
  await screenshot(page, 'stop-notice', { wholePage: true })
})

test('what was paid after a death is asked for, paid in parts, and the rest written off', async ({
  page,
}) => {
  await visit(page, '钱发放', '/recoveries')
  await expectAccessible(page)
  await screenshot(page, 'recoveries', { wholePage: true })
  const two = page.locator('main tbody tr', { hasText: '80.00' })
  await two.getByRole('link').first().click()
  const claim = new URL(page.url()).pathname
  await expectAccessible(page)
  await screenshot(page, 'recovery', { wholePage: true })

  await form(page, 'notice').getByLabel('送给谁').fill('郭建国')
  await form(page, 'notice').getByLabel('与老人的关系').fill('长子')
  await page.getByRole('button', { name: '记下已送达' }).click()
  await expect(state(page)).toHaveText('已通知')
  await page.getByRole('link', { name: /追缴通知书/ }).click()
  await expect(main(page)).toContainText('捌拾元整')
  await expectAccessible(page)
  await screenshot(page, 'recovery-notice', { wholePage: true })

  await page.goto(claim)
  await page.getByRole('button', { name: '记下还款协议' }).click()
  await page.getByRole('link', { name: /还款协议/ }).click()
  await expect(main(page)).toContainText('分期')
  await expectAccessible(page)
  await page.goto(claim)
  await form(page, 'repaid').locator('input[name=amount]').fill('30')
  await form(page, 'repaid').getByRole('radio').first().check()
  await page.getByRole('button', { name: '登记退款' }).click()
  await expect(main(page)).toContainText('50.00')

  // More than is owed is refused with the sum that is left.
  await form(page, 'repaid').locator('input[name=amount]').fill('60')
  await form(page, 'repaid').getByRole('radio').first().check()
  await page.getByRole('button', { name: '登记退款' }).click()
  await expect(page.locator('body')).toContainText('50.00')
  await expectAccessible(page)

  await page.goto(claim)
  await form(page, 'write-off').locator('textarea').fill('继承人下落不明，村委会出具证明')
  await page.getByRole('button', { name: '申请核销' }).click()
  await expect(form(page, 'decision')).toHaveCount(0)
  await visit(page, '李审批', claim)
  await expectAccessible(page)
  await screenshot(page, 'recovery-decision', { wholePage: true })
  await form(page, 'decision').getByRole('radio', { name: '同意核销', exact: true }).check()
  await form(page, 'decision').locator('textarea').fill('证明材料齐全，同意核销')
  await page.getByRole('button', { name: '记下审批意见' }).click()
  await expect(state(page)).toHaveText(/办结|核销|结清/)
  await screenshot(page, 'recovery-closed', { wholePage: true })
})

test('who was taken for dead comes back by two people, and July pays both months', async ({
  page,
}) => {
  await visit(page, '王审核', '/stops?part=approved')
  await expectAccessible(page)
  await main(page).getByRole('link', { name: '郑德海' }).click()
  await expect(state(page)).toHaveText('已停发')
  await main(page).locator('a[href$="/stop/old_age_allowance"]').first().click()
  const restore = page.locator('form[action*="/restore/"]')
  await restore.locator('textarea').fill('6 月 26 日上门见到本人，核对身份证和户口本')
  await restore.getByRole('button').click()
  await expect(main(page)).toContainText('您提出的，须由另一人确认')
  const back = new URL(page.url()).pathname
  await expect(page.getByRole('button', { name: /确认/ })).toHaveCount(0)
  await expectAccessible(page)
  await screenshot(page, 'restore', { wholePage: true })
  await visit(page, '李审批', back)
  await screenshot(page, 'restore-second', { wholePage: true })
  await form(page, 'confirm').locator('textarea').fill('电话和视频都见到本人，同意恢复')
  await page.getByRole('button', { name: '确认恢复' }).click()
  await expect(state(page)).toHaveText('已恢复')

  await turnTo(page, '2026-07-27')
  await visit(page, '钱发放', '/pay')
  await page.getByLabel('发什么').selectOption({ label: '高龄津贴' })
  await page.getByLabel('哪个月').selectOption('2026-07')
  await page.getByRole('button', { name: '拟制', exact: true }).click()
  await expect(page).toHaveURL(/\/pay\/\d+$/, { timeout: 30_000 })
  const rows = page.locator('#equation tbody tr')
  await expect(rows.filter({ hasText: /恢复|新增/ })).toContainText('1 人')
  await expect(rows.filter({ hasText: '补发' })).toContainText('+40.00')
  await expect(rows.filter({ hasText: '去世停发' })).toContainText('1 人')
  await expect(page.getByText('差异全部有解释')).toBeVisible()
  // The police's file is of June: what is older than 35 days does not freeze.
  await expect(main(page)).toContainText('还不能冻结')
  await screenshot(page, 'closing-july', { wholePage: true })
  await rows.filter({ hasText: '补发' }).getByRole('link').click()
  await expect(page.locator('#differences tbody tr')).toContainText('郑德海')
})

test('whether people live is asked of the traces first', async ({ page }) => {
  await visit(page, '李审批', '/survival')
  await expectAccessible(page)
  await page.locator('form[action="/survival/begin"] button').click()
  await expect(main(page)).not.toContainText('还没有开始过')
  await expectAccessible(page)
  await screenshot(page, 'survival', { wholePage: true })
  for (const path of ['/holds', '/class-changes']) {
    await page.goto(path)
    await expectAccessible(page)
    await screenshot(page, path.slice(1), { wholePage: true })
  }
})
