// What lapses and what is due: assessments for the town, visits for the village.
import { enter, expect, expectAccessible, nextDay, screenshot, test } from '../kit/index.mjs'

const duties = (page) => page.locator('#duties tbody tr')

test('a lapsed assessment shows what each level would change', async ({ page }) => {
  await enter(page, '王审核')
  await page.getByRole('link', { name: /评估到期，护理补贴还在发/ }).click()
  await duties(page).first().getByRole('link').first().click()
  const table = page.locator('#effects')
  await expect(table.getByRole('heading')).toHaveText('若重新评估为……')
  await expect(table).toContainText('上一次评为中度失能')
  const nursing = table.getByRole('row', { name: /护理补贴/ })
  await expect(nursing.getByRole('cell')).toHaveText([
    '定不了',
    '—',
    '—',
    /100\.00/,
    /200\.00/,
    /300\.00/,
  ])
  await expectAccessible(page)
  await screenshot(page, 'assessment', { wholePage: true })

  await page.getByLabel('已派评估').check()
  await page.getByRole('button', { name: '记下结果' }).click()
  await expect(page.locator('main')).toContainText('已派评估')
  await expect(page.locator('#record')).toHaveCount(0)
})

test('who was never assessed is on the list as well', async ({ page }) => {
  await enter(page, '王审核')
  await page.goto('/duties?kind=assessment_due&cause=new_low_income_disabled')
  await duties(page).first().getByRole('link').first().click()
  await expect(page.locator('#effects')).toContainText('还没有评估过')
  await expectAccessible(page)
  await screenshot(page, 'assessment-new')
})

test('a visit is due, is made, and stands in the file of the elder', async ({ page }) => {
  await enter(page, '周小禾')
  await page.goto('/duties?kind=visit_due')
  await expectAccessible(page)
  await screenshot(page, 'visits')
  const due = await duties(page).count()
  await duties(page).first().getByRole('link').first().click()
  await expect(page).toHaveURL(/\/duties\//)
  const visit = page.url()
  await expectAccessible(page)
  await screenshot(page, 'visit')

  await page.getByLabel('已探访，有需要要转办').check()
  await page.getByRole('button', { name: '记下结果' }).click()
  await expect(page.getByText('还没有写原因')).toBeVisible()
  await page.goto(visit)
  await page.getByLabel('已探访，平安').check()
  await page.getByRole('button', { name: '记下结果' }).click()
  await expect(page.locator('#record')).toHaveCount(0)
  await page.getByRole('link', { name: '看一人一档' }).click()
  await expect(page.locator('main')).toContainText(/探访.{0,20}2026-06-0\d/s)

  await nextDay(page)
  await page.goto('/duties?kind=visit_due')
  await expect(duties(page)).toHaveCount(due - 1)
})
