// Quotas, relief handed over, and who was paid in full and on time: with the people behind it.
import { expect, expectAccessible, screenshot, test, visit } from '../kit/index.mjs'

test.use({ demoOf: { june: 'sent', alone: 'subsidies' } })

const main = (page) => page.locator('main')
const number = (text) => Number(text.replaceAll(/[^\d]/g, ''))

test('quotas are drawn by service, and choosing the higher one is shown', async ({ page }) => {
  await visit(page, '李审批', '/quotas')
  await expectAccessible(page)
  await screenshot(page, 'quotas', { wholePage: true })
  await page.goto('/quotas/higher')
  await expectAccessible(page)
  await screenshot(page, 'quotas-higher', { wholePage: true })
})

test('relief is handed over on paper, and its answer is written down', async ({ page }) => {
  await visit(page, '王审核', '/relief')
  await expectAccessible(page)
  await page.getByRole('textbox', { name: /^登记转办/ }).fill('溪尾村')
  await main(page).getByRole('button', { name: '查找' }).click()
  await main(page).locator('a[href*="/elders/"]').first().click()
  await expectAccessible(page)
  await screenshot(page, 'relief-new', { wholePage: true })
  await page.getByRole('radio', { name: /临时救助/ }).check()
  await page.getByLabel('为什么转办').fill('独居，五月住院自付 8,000 元，生活困难')
  await page.getByLabel('转交了哪些材料').fill('住院费用清单、身份证复印件')
  await page.getByLabel('转给谁').fill('云溪镇社会救助窗口')
  await page.getByRole('button', { name: '登记转办' }).click()
  await expect(page).toHaveURL(/\/relief\/[0-9a-f-]{36}/)
  const one = new URL(page.url()).pathname
  await expectAccessible(page)
  await screenshot(page, 'relief', { wholePage: true })
  await page.goto(`${one}/slip`)
  await expect(main(page)).toContainText('住院费用清单')
  await expectAccessible(page)

  await page.goto(one)
  await page.locator('form[action$="/step"]').getByRole('radio').first().check()
  await page.getByRole('button', { name: '记下' }).click()
  await expectAccessible(page)
  await screenshot(page, 'relief-answered', { wholePage: true })
  await page.goto('/relief')
  await expect(main(page).locator('tbody tr').first()).toContainText('临时救助')
  await screenshot(page, 'relief-list')
  await page.goto('/relief/changes')
  await expectAccessible(page)
  await screenshot(page, 'relief-changes', { wholePage: true })
})

test('the on-time rate counts everybody entitled, and each number has its people', async ({
  page,
}) => {
  await visit(page, '钱发放', '/on-time')
  await page.getByRole('button', { name: '重新核算' }).click()
  await expect(main(page)).not.toContainText('还没有核算，或没有应享的人', { timeout: 30_000 })
  await expectAccessible(page)
  await screenshot(page, 'on-time', { wholePage: true })
  const numbers = await main(page).locator('a[href^="/on-time/people?"]').evaluateAll((links) =>
    links.map((link) => ({ href: link.getAttribute('href'), text: link.textContent })))
  const counted = numbers.filter(({ text }) => /^[\s\d,]+人?\s*$/.test(text))
  expect(counted.length).toBeGreaterThan(0)
  for (const { href, text } of counted) {
    await page.goto(href)
    const people = page.locator('main tbody tr')
    const shown = await page.locator('.pager').count() > 0
    if (!shown) await expect(people, href).toHaveCount(number(text))
    else await expect(page.locator('.pager')).toContainText(`共 ${text.trim()} `)
  }
  await expectAccessible(page)
  await screenshot(page, 'on-time-people')
})
