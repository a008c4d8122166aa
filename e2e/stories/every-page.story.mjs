// Pages that no other story opens: axe finds nothing, and they fit a phone.
import { enter, expect, expectAccessible, screenshot, test } from '../kit/index.mjs'

test('the administrator sees who is signed in and signs somebody out', async ({
  page,
  browser,
  demo,
}) => {
  const other = await browser.newPage({ baseURL: demo.url })
  await enter(other, '周小禾')
  await enter(page, '郑管理')
  await expect(page.getByText('周小禾').first()).toBeVisible()
  await expectAccessible(page)
  await screenshot(page, 'sessions')
  // Other stories may have left her signed in elsewhere.
  const theirs = page.locator('tr', { hasText: '周小禾' }).getByRole('button', { name: '强制下线' })
  for (let left = await theirs.count(); left > 0; left -= 1) {
    await theirs.first().click()
    await expect(theirs).toHaveCount(left - 1)
  }
  await other.goto('/')
  await expect(other.getByLabel('密码')).toBeVisible()
  await other.close()
})

test('the list is open to read, to its clause and its dates', async ({ page }) => {
  await enter(page, '吴清单')
  await page.goto('/lists')
  await expectAccessible(page)
  await page.getByRole('link', { name: '高龄津贴' }).first().click()
  await expect(page.getByText('120.00').first()).toBeVisible()
  await expectAccessible(page)
  await screenshot(page, 'list-item', { wholePage: true })
})

test('the auditor sees who did what, and why', async ({ page }) => {
  await enter(page, '孙审计')
  await page.getByRole('link', { name: '谁看过什么' }).click()
  await expect(page.locator('#entries tbody tr').first()).toBeVisible()
  await expectAccessible(page)
  await screenshot(page, 'audit')
})

test('the sheet of today goes to paper', async ({ page }) => {
  await enter(page, '李审批')
  await page.goto('/duties-sheet')
  await expectAccessible(page)
  await screenshot(page, 'today-sheet')
})

test('what is not there is said plainly', async ({ page }) => {
  await enter(page, '李审批')
  for (const path of ['/nowhere', '/elders/no-such-id', '/duties/x', '/files/999999']) {
    const response = await page.goto(path)
    expect(response.status(), path).toBe(404)
    await expectAccessible(page)
  }
})
