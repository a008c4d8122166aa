// The data officer at the match desk: rows of which no rule can tell whom they are about.
import { csv, enter, expect, expectAccessible, hand, screenshot } from '../kit/index.mjs'
import { press, signOut, test, tray } from '../kit/index.mjs'

const title = (page) => page.getByRole('heading', { level: 1 })
const recents = (page) => page.locator('#recents li')

/** What the desk's four filters count. */
async function counts(page) {
  await page.goto('/desk')
  const counted = {}
  for (const chip of await page.locator('#rows a.chip').allInnerTexts()) {
    const [, words, n] = chip.match(/(\D+?)\s*(\d+)/)
    counted[words] = Number(n)
  }
  return counted
}

/** The first waiting row of the file that is about somebody of the village. */
async function openRowOf(page, village) {
  await page.goto('/desk')
  const rows = await page.locator('#rows tbody tr a').evaluateAll((all) => all.map((a) => a.href))
  for (const row of rows) {
    await page.goto(row)
    const standing = page.locator('#pair tr', { hasText: '户籍' }).first()
    if ((await standing.innerText()).includes(village)) return row
  }
  throw new Error(`no row waits that is about ${village}`)
}

test('keys 1 and 2 decide and go on, 0 passes on, and the last one is undone', async ({ page }) => {
  await enter(page, '赵数据')
  const before = await counts(page)
  await expectAccessible(page)
  await screenshot(page, 'desk', { wholePage: true })

  await page.getByRole('link', { name: '开始比对' }).click()
  await expectAccessible(page)
  await screenshot(page, 'desk-pair')
  let last = await title(page).innerText()
  const decided = []
  for (const key of ['1', '2', '0', '1']) {
    await press(page, key)
    await expect(title(page)).not.toHaveText(last)
    if (key !== '0') decided.unshift(last)
    last = await title(page).innerText()
  }
  const after = await counts(page)
  expect(after['待比对']).toBe(before['待比对'] - 3)
  expect(after['已比对']).toBe(before['已比对'] + 3)

  const line = recents(page).first()
  await expect(line).toContainText(decided[0].match(/第 \d+ 行/)[0])
  await line.getByRole('button', { name: '撤销' }).click()
  await expect(title(page)).toHaveText(decided[0])
  await expect(page.getByRole('button', { name: '是同一人' })).toBeVisible()
  expect(await counts(page)).toEqual({
    ...after,
    待比对: after['待比对'] + 1,
    已比对: after['已比对'] - 1,
  })
})

test('what the row says stands in the file of the person, and goes when it is undone', async ({
  page,
}) => {
  await enter(page, '赵数据')
  const roster = page.locator('#rows tr', { hasText: '高龄津贴发放名册' })
  await page.goto('/desk')
  await roster.filter({ hasText: '姓名不一致' }).getByRole('link').first().click()
  await expect(title(page)).toContainText(/第 \d+ 行/)
  const row = (await title(page).innerText()).match(/第 \d+ 行/)[0]
  const elder = await page.locator('#pair a[href^="/elders/"]').first().getAttribute('href')
  await page.getByLabel('说明').fill('名册上写错了一个字')
  await page.getByRole('button', { name: '是同一人' }).click()
  await expect(recents(page).first()).toContainText(row)

  await page.goto(elder)
  const source = page.getByRole('link', { name: new RegExp(`高龄津贴发放名册 .* ${row}`) })
  await expect(source.first()).toBeVisible()
  await expect(page.getByText('已撤销')).toHaveCount(0)
  await page.goto('/desk')
  await recents(page).first().getByRole('button', { name: '撤销' }).click()
  await expect(title(page)).toContainText(row)
  await page.goto(elder)
  const undone = page.locator('.line li').filter({ has: source })
  await expect(undone).toHaveText([/已撤销：在发高龄津贴/])
})

test('the village is asked, answers, and the data officer decides', async ({ page }) => {
  await enter(page, '赵数据')
  const row = await openRowOf(page, '云溪镇新街社区')
  await press(page, '3')
  await expect(recents(page).first()).toContainText('请村里核实')
  await page.goto(row)
  await expect(page.getByText('等村里答复').first()).toBeVisible()
  await screenshot(page, 'desk-asked')
  await signOut(page)

  await enter(page, '林巧云')
  await page.goto('/duties?kind=match_check')
  await page.locator('#duties tbody tr a').first().click()
  await expect(title(page)).toHaveText('核实是否同一人')
  await expectAccessible(page)
  await screenshot(page, 'desk-question', { wholePage: true })
  await page.getByLabel('是同一人', { exact: true }).check()
  await page.getByLabel('原因或说明').fill('上门看了户口本，是本人')
  await page.getByRole('button', { name: '记下结果' }).click()
  await expect(page.getByText('上门看了户口本，是本人')).toBeVisible()
  await signOut(page)

  await enter(page, '赵数据')
  await page.goto('/desk?which=answered')
  await page.locator('#rows tbody tr a').first().click()
  await expect(page.getByText('村里已答复').first()).toBeVisible()
  await expect(page.getByText('上门看了户口本，是本人')).toBeVisible()
  await expectAccessible(page)
  await screenshot(page, 'desk-answered')
  await press(page, '1')
  await expect(recents(page).first()).toContainText('是同一人')
  expect((await counts(page))['村里已答复']).toBe(0)
})

test('a pair that was cleared once does not come back with the next file', async ({
  page,
  demo,
}) => {
  await enter(page, '赵数据')
  await page.goto('/desk')
  await page.locator('#rows tr', { hasText: '持证残疾人名册' }).getByRole('link').first().click()
  await expect(title(page)).toContainText('：')
  const cleared = (await title(page).innerText()).split('：')[1]
  await page.getByRole('button', { name: '都不是' }).click()
  await expect(recents(page).first()).toContainText('都不是')

  // The next file has the same row again, and one more whose number has a wrong digit.
  const rows = await tray(demo, '持证残疾人名册_202605.csv')
  const name = rows[0].indexOf('姓名')
  const number = rows[0].findIndex((heading) => /证/.test(heading) && /号/.test(heading))
  const other = [...rows.find((row) => /^99\d{16}$/.test(row[number]) && row[name] !== cleared)]
  other[number] = `${other[number].slice(0, 17)}${(Number(other[number].at(-1)) + 1) % 10}`
  const next = csv('持证残疾人名册_202606.csv', [...rows, other])
  await hand(page, demo, next, 'disabled_persons', '2026-06-01')
  await page.getByRole('button', { name: '入库', exact: true }).click()
  await expect(page.getByText('已入库').first()).toBeVisible()

  await page.goto('/desk')
  const asked = page.locator('#rows tbody tr', { hasText: '持证残疾人名册 2026-06-01' })
  await expect(asked.filter({ hasText: other[name] })).toHaveCount(1)
  await expect(asked.filter({ hasText: cleared })).toHaveCount(0)
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('the buttons decide and go on, and undo', async ({ page }) => {
    await enter(page, '赵数据')
    await page.goto('/desk')
    await page.getByRole('link', { name: '开始比对' }).click()
    await expect(title(page)).toContainText('：')
    const first = await title(page).innerText()
    await page.getByRole('button', { name: '都不是' }).click()
    await expect(title(page)).not.toHaveText(first)
    await recents(page).first().getByRole('button', { name: '撤销' }).click()
    await expect(title(page)).toHaveText(first)
  })
})
