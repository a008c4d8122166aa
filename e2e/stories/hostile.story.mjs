// Names and words that want to break a page: they are shown as they are, and the page holds.
import { csv, enter, expect, expectAccessible, hand, pensioners } from '../kit/index.mjs'
import { screenshot, test } from '../kit/index.mjs'

const TAG = '<img src=x onerror="document.title=1">'
const LONG = '阿卜杜热合曼·买买提依明·'.repeat(6)
const UNBROKEN = 'W'.repeat(120)

test('a file with such rows is read, and its page fits a phone', async ({ page, demo }) => {
  await enter(page, '赵数据')
  const name = `${'殡仪馆五月份补报'.repeat(8)}.csv`
  const [first, second, third, fourth] = (await pensioners(demo)).map((it) => it.number)
  const file = csv(name, [
    ['逝者姓名', '身份证号', '户籍地', '死亡日期', '备注'],
    [TAG, first, '云溪镇溪尾村', '2026-05-20', TAG],
    [LONG, second, '云溪镇'.repeat(40), '2026-05-20', LONG],
    ['=HYPERLINK("http://x";"点这里")', third, '云溪镇', '2026-05-20', UNBROKEN],
    ['\u202E李四', fourth, '云溪镇溪尾村', '2026-05-20', ''],
  ])
  await hand(page, demo, file, 'funeral_home', '2026-06-01')
  await expect(page.getByText('核对结果')).toBeVisible({ timeout: 30_000 })
  await expect(page.locator('main img')).toHaveCount(0)
  await expect(page).not.toHaveTitle('1')
  await expect(page.locator('main')).toContainText('<img src=x')
  await expectAccessible(page)
  await screenshot(page, 'hostile-file', { wholePage: true })
  const here = page.url()
  await page.goto('/files')
  await expect(page.getByRole('link', { name }).first()).toBeVisible()
  await screenshot(page, 'hostile-files')
  await page.goto(here)
  await page.getByRole('button', { name: '退回来源部门' }).click()
  await expect(page.getByText('已退回').first()).toBeVisible()
})

test('words of a duty, of a search and of an account are only words', async ({ page }) => {
  await enter(page, '李审批')
  await page.goto('/elders')
  for (const words of [TAG, LONG, UNBROKEN, '%', "'; --", '😀']) {
    await page.locator('main').getByRole('textbox').fill(words)
    const answered = page.waitForNavigation()
    await page.locator('main').getByRole('button', { name: '查找' }).click()
    expect((await answered).status(), words).toBe(200)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('找老人')
    await expect(page.locator('#found tbody tr a')).toHaveCount(0)
  }
  await expectAccessible(page)
  await screenshot(page, 'hostile-search')

  await page.goto('/duties?kind=entitled_soon')
  await page.locator('#duties tbody tr a').first().click()
  await page.getByLabel('没找到人').check()
  await page.getByLabel('原因或说明').fill(`${TAG}\n${LONG}`)
  await page.getByRole('button', { name: '记下结果' }).click()
  await expect(page.locator('main')).toContainText(TAG)
  await expect(page.locator('main img')).toHaveCount(0)
  await expectAccessible(page)
  await screenshot(page, 'hostile-duty', { wholePage: true })
})
