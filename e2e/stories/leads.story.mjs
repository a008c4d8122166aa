// Leads of the province: a claim is looked into by the county, and never decides by itself.
import { enter, expect, expectAccessible, nextDay, screenshot, test } from '../kit/index.mjs'

const duties = (page) => page.locator('#duties tbody tr')
const sums = (page) => page.locator('section', { hasText: '金额怎么来的' }).locator('table')

test('who is paid in two counties: cleared with a reason, and it stays cleared', async ({
  page,
}) => {
  await enter(page, '李审批')
  await page.getByRole('link', { name: /两地重复领取/ }).first().click()
  await expectAccessible(page)
  await screenshot(page, 'leads')
  const count = await duties(page).count()
  await duties(page).first().getByRole('link').first().click()
  await expect(page).toHaveURL(/\/duties\//)
  const lead = page.url()
  await expect(page.getByText('安澜省青屏市长岭县也在发').first()).toBeVisible()
  await expect(sums(page)).toContainText('本县高龄津贴')
  await expectAccessible(page)
  await screenshot(page, 'lead-two-counties', { wholePage: true })

  await page.getByLabel('不属实').check()
  await page.getByRole('button', { name: '记下结果' }).click()
  await expect(page.getByText('还没有写原因')).toBeVisible()
  await page.goto(lead)
  await page.getByLabel('不属实').check()
  await page.getByLabel('原因或说明').fill('电话问了长岭县，是同名的另一位')
  await page.getByRole('button', { name: '记下结果' }).click()
  await expect(page.getByText('电话问了长岭县，是同名的另一位')).toBeVisible()

  // A new day compares everything again; what was cleared is not asked again.
  await nextDay(page)
  await page.goto('/duties?kind=two_counties')
  await expect(duties(page)).toHaveCount(count - 1)
})

test('two benefits that exclude each other: both sums, the difference, the higher one', async ({
  page,
}) => {
  await enter(page, '李审批')
  await page.goto('/duties?kind=exclusive_benefits')
  await duties(page).first().getByRole('link').first().click()
  await expect(sums(page)).toContainText('相差')
  const rows = await sums(page).locator('tr').allInnerTexts()
  const [here, other, difference, kept] = rows.map((row) => Number(row.match(/[\d,]+\.\d\d/)[0]))
  expect(difference).toBe(Math.abs(here - other))
  expect(kept).toBe(Math.max(here, other))
  await expect(page.getByText('两项只能享受一项').first()).toBeVisible()
  await expectAccessible(page)
  await screenshot(page, 'lead-exclusive', { wholePage: true })

  await page.getByLabel('属实，保留这一项').check()
  await page.getByLabel('原因或说明').fill('已告知本人，残联从下月停发')
  await page.getByRole('button', { name: '记下结果' }).click()
  await expect(page.getByText('已告知本人，残联从下月停发')).toBeVisible()
})

test('an account that two strangers share leads from one of them to the other', async ({
  page,
}) => {
  await enter(page, '王审核')
  await page.goto('/duties?kind=shared_account')
  await duties(page).first().getByRole('link').first().click()
  const account = page.locator('.reasons li', { hasText: '收款账户' })
  await expect(account).toContainText(/尾号 \d{4}/)
  await expect(account).not.toContainText(/\d{5}/)
  const others = page.locator('section', { hasText: '共用同一账户的其他人' }).locator('li a')
  await expectAccessible(page)
  await screenshot(page, 'lead-account', { wholePage: true })
  const name = (await others.first().innerText()).split('（')[0]
  await others.first().click()
  await expect(page.locator('main')).toContainText(name)
})
