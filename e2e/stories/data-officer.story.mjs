// The data officer: the worst spreadsheet she owns.
import { readFile } from 'node:fs/promises'
import { enter, expect, expectAccessible, hand, screenshot, test } from '../kit/index.mjs'

test('the worst spreadsheet is read row by row and goes back with its errors', async ({
  page,
  demo,
}) => {
  await enter(page, '赵数据')
  await page.goto('/files')
  await expectAccessible(page)
  await screenshot(page, 'files')

  await hand(page, demo, '最乱的一份_公安人口库.xlsx', 'police_register', '2026-06-01')
  await expect(page.getByText('核对结果')).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText(/比上一份少了/)).toBeVisible()
  await expectAccessible(page)
  await screenshot(page, 'file', { wholePage: true })

  // One column is not used after all: the file is read again so.
  await page.locator('select[name=column-7]').selectOption('')
  await page.getByRole('button', { name: '记住对应并试算' }).click()
  await expect(page.getByText('核对结果')).toBeVisible({ timeout: 30_000 })
  await expect(page.locator('select[name=column-7]')).toHaveValue('')

  const arriving = page.waitForEvent('download')
  await page.getByRole('link', { name: '下载退回件' }).click()
  const download = await arriving
  const bytes = await readFile(await download.path())
  expect(bytes.subarray(0, 2).toString()).toBe('PK')
  expect(bytes.length).toBeGreaterThan(3_000)

  // Held: it does not come in without a reason; it goes back instead.
  await page.getByRole('button', { name: '退回来源部门' }).click()
  await expect(page.getByText('已退回').first()).toBeVisible()
})

test('a small file that asks for half a terabyte ends in a sentence', async ({ page, demo }) => {
  await enter(page, '赵数据')
  await hand(page, demo, '看着很小的一份.xlsx', 'police_register', '2026-06-01')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/读不了/, { timeout: 30_000 })
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
})

test('the same file twice is told, and what was typed stays', async ({ page, demo }) => {
  await enter(page, '赵数据')
  await hand(page, demo, '殡仪馆火化登记_202605.xls', 'funeral_home', '2026-05-31')
  await expect(page.getByText(/已经收过/)).toBeVisible()
  await expect(page.getByText('殡仪馆火化登记_202605.xls')).toBeVisible()
  await expectAccessible(page)
})

test('a file that was applied can be undone, and comes in again', async ({ page }) => {
  await enter(page, '赵数据')
  await page.goto('/files')
  await page.getByRole('link', { name: '医保最近就诊_202605.csv' }).click()
  await page.getByLabel('为什么撤销').fill('  ')
  await page.getByRole('button', { name: '撤销这份文件' }).click()
  await expect(page.getByText('撤销要写明原因')).toBeVisible()
  await page.goBack()
  await page.getByLabel('为什么撤销').fill('传错了月份')
  await page.getByRole('button', { name: '撤销这份文件' }).click()
  await expect(page.getByText('已撤销').first()).toBeVisible()
})
