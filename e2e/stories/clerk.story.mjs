// The county's clerk: who is owed money and does not get it, and why.
import { enter, expect, expectAccessible, nextDay, screenshot, test } from '../kit/index.mjs'

test('the clerk opens a finding, reads why, and prints the notice', async ({ page }) => {
  await enter(page, '李审批')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('今天先看这些')
  await expectAccessible(page)
  await screenshot(page, 'today')

  const unclaimed = page.locator('.card', { hasText: '应享未享' })
  await unclaimed.getByRole('link').first().click()
  await expect(page.getByText('应享未享', { exact: false }).first()).toBeVisible()
  const row = page.locator('#duties tbody tr', { hasText: '补发 280.00' })
  await row.getByRole('link').first().click()

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('应该领，但还没有领')
  await expect(page.getByText('2025 年 10 月 17 日满 80 周岁')).toBeVisible()
  await expect(page.getByText('2025-11 至 2026-05')).toBeVisible()
  await expectAccessible(page)
  await screenshot(page, 'why', { wholePage: true })

  await page.locator('.reasons a').first().click()
  await expect(page.getByText(/第 \d+ 行/).first()).toBeVisible()
  await expectAccessible(page)
  await screenshot(page, 'source-row')
  await page.goBack()

  await page.getByRole('link', { name: '打印一页告知' }).click()
  await expect(page.getByText('高龄津贴').first()).toBeVisible()
  await expectAccessible(page)
  await screenshot(page, 'notice', { wholePage: true })
  const pdf = await page.pdf({ format: 'A4' })
  expect(pdf.length).toBeGreaterThan(5_000)
})

test('a decision needs its reason, keeps it, and is not asked for again', async ({ page }) => {
  await enter(page, '李审批')
  await page.goto('/?kind=unclaimed_entitlement')
  const before = await page.locator('#duties tbody tr').count()
  await page.locator('#duties tbody tr a').first().click()
  await expect(page).toHaveURL(/\/duties\//)
  const duty = page.url()

  await page.getByLabel('本人不申请').check()
  await page.getByRole('button', { name: '记下结果' }).click()
  await expect(page.getByText('还没有写原因')).toBeVisible()
  await expectAccessible(page)

  await page.goto(duty)
  await page.getByLabel('本人不申请').check()
  await page.getByLabel('原因或说明').fill('本人说儿女供养，不申请')
  await page.getByRole('button', { name: '记下结果' }).click()
  await expect(page.getByText('本人说儿女供养，不申请')).toBeVisible()

  // The reconcilers run with the clock, and do not open it again without new facts.
  await nextDay(page)
  await page.goto('/?kind=unclaimed_entitlement')
  await expect(page.locator('#duties tbody tr')).toHaveCount(before - 1)
})

test('a contradicted death is held until somebody has looked', async ({ page }) => {
  await enter(page, '李审批')
  await page.goto('/?kind=contradicted_death')
  await page.locator('#duties tbody tr a').first().click()
  await expect(page.getByText('仍有记录')).toBeVisible()
  await page.getByLabel('本人在世').check()
  await page.getByLabel('原因或说明').fill('村里上门见到本人')
  await page.getByRole('button', { name: '记下结果' }).click()
  await expect(page.getByText('村里上门见到本人')).toBeVisible()
  await page.getByRole('link', { name: '看一人一档' }).click()
  await expect(page.locator('.chip', { hasText: '在世' }).first()).toBeVisible()
  await screenshot(page, 'elder', { wholePage: true })
})
