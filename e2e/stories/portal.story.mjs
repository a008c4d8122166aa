// A daughter with a cheap phone, and nobody signed in: the list, and what her mother can have.
import { enter, expect, expectAccessible, screenshot, test } from '../kit/index.mjs'

/** What the open pages promise beyond axe's usual rules: 7:1, 20 px, targets of 60 px. */
async function expectLargeAndClear(page) {
  const found = await page.evaluate(async () => {
    const contrast = { type: 'rule', values: ['color-contrast-enhanced'] }
    const { violations } = await window.axe.run('body', { runOnly: contrast })
    const faults = violations.flatMap((it) => it.nodes.map((node) => node.html))
    const seen = (element) => {
      const box = element.getBoundingClientRect()
      return box.width > 0 && box.left >= 0
    }
    for (const element of document.querySelectorAll('body *')) {
      const says = [...element.childNodes].some((it) => it.nodeType === 3 && it.data.trim())
      const size = parseFloat(getComputedStyle(element).fontSize)
      if (says && seen(element) && size < 20) faults.push(`${size} px: ${element.outerHTML}`)
    }
    const targets = 'a, button, summary, .pick span, .date input'
    for (const element of [...document.querySelectorAll(targets)].filter(seen)) {
      const { height } = element.getBoundingClientRect()
      if (height < 59.5) faults.push(`${height} px high: ${element.outerHTML}`)
    }
    return faults
  })
  expect(found).toEqual([])
}

async function look(page, name) {
  await expectAccessible(page)
  await expectLargeAndClear(page)
  await screenshot(page, name)
}

/** Goes on with the Tab key until the element has the focus. */
async function tabTo(page, locator) {
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press('Tab')
    if (await locator.evaluate((element) => element === document.activeElement)) return
  }
  throw new Error('the Tab key never came there')
}

/** The sign that the page asks this question. */
const asked = (page, kind) => page.locator(`input[name=ask][value="${kind}"]`)

/** Whether the page, once it has come, asks anything. */
async function asks(page) {
  await page.waitForLoadState('load')
  return (await page.locator('input[name=ask]').count()) > 0
}

/** Answers “不知道” to everything that is still asked, except what is given. */
async function answerTheRest(page, given) {
  while (await asks(page)) {
    const kind = await page.locator('input[name=ask]').inputValue()
    await page.locator(`input[type=radio][value="${given[kind] ?? 'unknown'}"]`).check()
    await page.getByRole('button', { name: '下一问' }).click()
  }
}

async function born(page, year, month, day) {
  await page.goto('/public/check')
  await page.getByLabel('年').fill(year)
  await page.getByLabel('月').fill(month)
  await page.getByLabel('日').fill(day)
  await page.getByRole('button', { name: '下一问' }).click()
}

const MOTHER = {
  hukou_area: 'here',
  relief_category: 'minimum_living',
  living_arrangement: 'alone',
  receives_elsewhere: 'no',
}

test('the list, the help and the poster are open to everybody', async ({ page }) => {
  await page.goto('/public')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('能享受什么')
  await expect(page.getByText('每月 40—400 元')).toBeVisible()
  await look(page, 'public-list')
  await page.getByRole('link', { name: '帮助' }).click()
  await look(page, 'public-help')
  await page.goto('/public/areas')
  await look(page, 'public-areas')
  await page.goto('/public/card')
  await expectAccessible(page)
  await page.goto('/public/poster')
  await expectAccessible(page)
  await screenshot(page, 'public-poster')
  expect((await page.pdf({ preferCSSPageSize: true })).length).toBeGreaterThan(5_000)
})

test('she finds out what her mother can have, and nothing of it is kept', async ({
  page,
  context,
}) => {
  await page.goto('/public')
  await page.getByRole('link', { name: '看看能不能享受' }).last().click()
  await look(page, 'public-check-day')
  await page.getByRole('button', { name: '下一问' }).click()
  await expect(page.getByRole('alert')).toContainText('年、月、日没有填全')
  await look(page, 'public-check-wrong')
  await born(page, '1945', '10', '17')
  await look(page, 'public-check-pick')
  await answerTheRest(page, MOTHER)
  await expect(page.getByText('从 2025 年 11 月起每月 40 元')).toBeVisible()
  await look(page, 'public-result')

  expect(new URL(page.url()).search).toBe('')
  expect(await context.cookies()).toEqual([])
  const kept = await page.evaluate(() => [localStorage.length, sessionStorage.length])
  expect(kept).toEqual([0, 0])

  await page.emulateMedia({ media: 'print' })
  const size = await page
    .locator('.ok .what')
    .first()
    .evaluate((element) => parseFloat(getComputedStyle(element).fontSize))
  expect(size).toBeGreaterThanOrEqual(24) // 18 pt
  expect((await page.pdf({ preferCSSPageSize: true })).length).toBeGreaterThan(5_000)
  await page.emulateMedia({ media: 'screen' })

  await page.getByRole('button', { name: '改户口在' }).click()
  await expect(page.getByLabel('在', { exact: true })).toBeChecked()
  await page.getByLabel('不在').check()
  await page.getByRole('button', { name: '下一问' }).click()
  await answerTheRest(page, MOTHER)
  await expect(page.getByText('“不在”').first()).toBeVisible()
})

test('the keyboard alone is enough', async ({ page }) => {
  await page.goto('/public/check')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: '跳到正文' })).toBeFocused()
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByLabel('年'))
  for (const text of ['1946', '8', '10']) {
    await page.keyboard.type(text)
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Enter')
  await expect(asked(page, 'birth_date')).toHaveCount(0)
  while (await asks(page)) {
    const kind = await page.locator('input[name=ask]').inputValue()
    const first = page.locator('input[type=radio]').first()
    await tabTo(page, first)
    if (kind === 'hukou_area') await page.keyboard.press('Space')
    else await page.keyboard.press('ArrowUp') // from the first one round to 不知道
    await page.keyboard.press('Enter')
    await expect(asked(page, kind)).toHaveCount(0)
  }
  await expect(page.getByText('还有 3 个月')).toBeVisible()
})

test('at 200 % nothing has to be pushed sideways', async ({ page }) => {
  for (const [width, height] of [[683, 384], [320, 370]]) {
    await page.setViewportSize({ width, height })
    for (const path of ['/public', '/public/check', '/public/help', '/public/areas']) {
      await page.goto(path)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(wide, `${path} at ${width}`).toBeLessThanOrEqual(width)
    }
    await born(page, '1945', '10', '17')
    await answerTheRest(page, MOTHER)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(wide, `the result at ${width}`).toBeLessThanOrEqual(width)
  }
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('the check is the same, and says how to print', async ({ page }) => {
    await born(page, '1945', '10', '17')
    await answerTheRest(page, MOTHER)
    await expect(page.getByRole('heading', { level: 1 })).toContainText('老人现在能享受')
    await expect(page.getByText('浏览器菜单里的“打印”')).toBeVisible()
  })
})

test('who keeps the lists finds every edition, and each item beside those above it', async ({
  page,
}) => {
  await enter(page, '吴清单')
  await page.goto('/lists/all')
  await expectAccessible(page)
  await screenshot(page, 'lists-all')
  await page.getByLabel('在所有清单里找').fill('护理补贴')
  await page.getByRole('button', { name: '查找' }).last().click()
  await expect(page.locator('#found tbody tr').first()).toBeVisible()
  await expectAccessible(page)
  await page.goto('/lists')
  await page.getByRole('link', { name: '护理补贴' }).first().click()
  await expect(page.locator('#levels')).toContainText('青屏市')
  await expectAccessible(page)
  await screenshot(page, 'list-levels', { wholePage: true })
  await page.goto('/lists')
  const changes = page.getByRole('link', { name: /和上一版比|标准的变动/ })
  await changes.click()
  await expectAccessible(page)
  await screenshot(page, 'list-changes')
})
