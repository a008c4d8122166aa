// Applications, as the demo's people fill them in.
import { expect } from '@playwright/test'

/** Who does the village's part for every village of the demo's town, and who else reviews there. */
export const TOWN_WORKER = 'daiban-990121002'
export const OTHER_REVIEWER = 'shenhe-990121002'

/** Everybody entitled and unpaid whom the reader may see: `{ name, village, duty }`. */
export async function unpaid(page) {
  await page.goto('/duties?kind=unclaimed_entitlement')
  const rows = page.locator('#duties tbody tr')
  await expect(rows.first()).toBeVisible()
  return rows.evaluateAll((all) => all.map((row) => {
    const link = row.querySelector('a')
    const [, village] = row.textContent.match(/云溪镇(\S+?[村区])/)
    return { name: link.textContent.trim(), village, duty: link.getAttribute('href') }
  }))
}

/** Fills in and sends the application that a duty asks for; gives its address. */
export async function applyFor(page, elder, fill = async () => {}) {
  await page.goto(elder.duty)
  await page.getByRole('link', { name: '代办申领' }).click()
  await page.getByRole('radio', { name: '村里主动发现' }).check()
  await page.getByRole('radio', { name: '本人签字' }).check()
  await fill(page)
  await page.getByRole('button', { name: /提交审核/ }).click()
  await expect(page).toHaveURL(/\/applications\//)
  return new URL(page.url()).pathname
}
