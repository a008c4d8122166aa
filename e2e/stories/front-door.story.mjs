// Somebody opens the address for the first time.
import { expect, expectAccessible, screenshot, test } from '../kit/index.mjs'

test('the front door asks who is there, in Chinese and for everybody', async ({ page }) => {
  const response = await page.goto('/')
  expect(response.status()).toBe(200)
  await expect(page.locator('html')).toHaveAttribute('lang', /^zh/)
  await expect(page).toHaveTitle(/松鹤/)
  await expect(page.getByRole('button', { name: '登录' })).toBeVisible()
  await expectAccessible(page)
  await screenshot(page, 'front-door')
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('the front door is the same form', async ({ page }) => {
    await page.goto('/')
    await expect(page.getByLabel('密码')).toBeVisible()
    await expect(page.getByRole('button', { name: '登录' })).toBeVisible()
  })
})
