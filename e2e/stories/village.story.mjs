// The village worker: own village only, whatever is tried.
import { enter, expect, expectAccessible, screenshot, signOut, test } from '../kit/index.mjs'

test('a village worker cannot see, search or guess a neighbouring village', async ({ page }) => {
  await enter(page, '李审批')
  await page.goto('/')
  const neighbour = page.locator('#duties tbody tr', { hasText: '新街社区' }).first()
  const name = await neighbour.getByRole('link').first().innerText()
  await neighbour.getByRole('link').first().click()
  await expect(page).toHaveURL(/\/duties\//)
  const duty = new URL(page.url()).pathname
  await page.getByRole('link', { name: '看一人一档' }).click()
  await expect(page).toHaveURL(/\/elders\//)
  const elder = new URL(page.url()).pathname
  await signOut(page)

  await enter(page, '周小禾')
  await expect(page.getByText('溪尾村').first()).toBeVisible()
  await expect(page.getByText('新街社区')).toHaveCount(0)
  await expectAccessible(page)
  await screenshot(page, 'village-today')

  for (const path of [duty, elder, `${elder}/notice`, `${elder}/why/old_age_allowance`]) {
    const response = await page.goto(path)
    expect(response.status(), path).toBe(404)
    await expect(page.getByText(name)).toHaveCount(0)
  }
  const nobody = await page.goto('/elders/00000000-0000-8000-8000-000000000000')
  expect(nobody.status()).toBe(404)
  expect((await page.goto('/files')).status()).toBe(403)

  await page.goto('/elders')
  await expectAccessible(page)
  for (const words of [name, '新街社区']) {
    await page.locator('main').getByRole('textbox').fill(words)
    const answered = page.waitForNavigation()
    await page.locator('main').getByRole('button', { name: '查找' }).click()
    await answered
    await expect(page.locator('main')).not.toContainText('云溪镇新街社区')
  }
})

test('a village worker finds an elder by initials and gets on with it', async ({ page }) => {
  await enter(page, '周小禾')
  await page.goto('/elders')
  await page.locator('main').getByRole('textbox').fill('溪尾村')
  await page.locator('main').getByRole('button', { name: '查找' }).click()
  const first = page.locator('#found tbody tr').first()
  await expect(first).toBeVisible()
  await screenshot(page, 'search')
  await first.getByRole('link').first().click()
  await expectAccessible(page)

  // Every fact opens to its row, as the department sent it.
  await page.getByRole('link', { name: /公安户籍人口登记 .* 行/ }).first().click()
  await expect(page.locator('#row')).toContainText('姓名')
  await expect(page.locator('#row')).not.toContainText(/\d{17}/)
})
