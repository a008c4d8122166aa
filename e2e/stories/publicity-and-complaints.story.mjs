// What is posted names nobody by number, and is gone after its days; who complains gets an answer.
import { applyFor, expect, expectAccessible, screenshot, signOut } from '../kit/index.mjs'
import { test, TOWN_WORKER, turnTo, unpaid, visit } from '../kit/index.mjs'

test.use({ demoOf: { alone: 'publicity' } })
test.describe.configure({ mode: 'serial', timeout: 120_000 })

const state = (page) => page.locator('.head .chip').first()
const main = (page) => page.locator('main')

let elders // with an account, one a village
let sheet
let complaint

test('the town posts one masked sheet a village', async ({ page }) => {
  await visit(page, TOWN_WORKER, '/')
  elders = []
  for (const elder of await unpaid(page)) {
    await page.goto(elder.duty)
    await page.getByRole('link', { name: '代办申领' }).click()
    if (await page.getByRole('radio', { name: '部门登记的账户' }).count() === 0) continue
    elder.application = await applyFor(page, elder)
    elders.push(elder)
  }
  await visit(page, '王审核', '/applications')
  await page.getByRole('button', { name: '所选的审核通过' }).click()
  await expect(page.getByText(`已审核 ${elders.length} 件`)).toBeVisible()

  await page.goto('/publicity')
  await expectAccessible(page)
  await screenshot(page, 'publicity-waiting', { wholePage: true })
  await page.getByLabel('异议电话').fill('0990-6000000')
  await page.getByRole('button', { name: /^张贴 \d+ 个村的公示/ }).click()
  await expect(main(page)).toContainText('正在公示')
  await expect(main(page).locator('tbody a[href^="/publicity/"]')).toHaveCount(elders.length)
  await expectAccessible(page)
  await screenshot(page, 'publicity', { wholePage: true })

  const [{ name, village }] = elders
  await main(page).locator('tbody a', { hasText: village }).first().click()
  sheet = new URL(page.url()).pathname
  await expectAccessible(page)
  await screenshot(page, 'posting', { wholePage: true })
  await page.goto(`${sheet}/sheet`)
  // 张*英, or 张*: no number, no account, no birthday.
  const paper = main(page).or(page.locator('body')).first()
  await expect(paper).toContainText(new RegExp(`${name[0]}\\*`))
  await expect(paper).not.toContainText(name)
  await expect(paper).not.toContainText(/\d{11,}|\*{4,}/)
  await expectAccessible(page)
  await screenshot(page, 'posting-sheet', { wholePage: true })
})

test('anybody reads the sheet while it hangs, and nobody after it', async ({ page }) => {
  const [{ name }] = elders
  const notice = `/public/notices/${sheet.split('/').at(-1)}`
  // The first day of the period is the day after.
  await visit(page, '王审核', '/')
  await turnTo(page, '2026-06-03')
  await signOut(page)
  await page.goto('/public/notices')
  await expectAccessible(page)
  await screenshot(page, 'notices')
  await page.locator(`a[href="${notice}"]`).click()
  await expect(main(page)).toContainText(new RegExp(`${name[0]}\\*`))
  await expect(main(page)).not.toContainText(name)
  await expect(main(page)).not.toContainText(/\d{11,}/)
  await expect(page.locator('body')).toContainText('0990-6000000')
  await expectAccessible(page)
  await screenshot(page, 'notice', { wholePage: true })
})

test('an objection rests that application alone, until it is looked into', async ({ page }) => {
  const [objected, next] = elders
  await visit(page, '王审核', objected.application)
  await page.getByRole('link', { name: objected.name }).first().click()
  const elder = new URL(page.url()).pathname
  await page.goto(`${elder}/complaint`)
  await expectAccessible(page)
  await screenshot(page, 'complaint-new', { wholePage: true })
  await page.getByRole('radio', { name: /^资格/ }).check()
  await page.getByLabel('反映的内容').fill('邻居说老人常年住在外县，请核实户籍和居住情况。')
  const [, about] = await page.getByLabel('关于哪件事').locator('option').all()
  await page.getByLabel('关于哪件事').selectOption(await about.getAttribute('value'))
  await page.getByRole('radio', { name: /公示/ }).check()
  await page.getByRole('button', { name: '登记', exact: true }).click()
  await expect(page).toHaveURL(/\/complaints\//)
  complaint = new URL(page.url()).pathname
  await expectAccessible(page)
  await screenshot(page, 'complaint', { wholePage: true })
  await page.goto(objected.application)
  await expect(state(page)).toHaveText('有异议')
  await page.goto(next.application)
  await expect(state(page)).toHaveText('公示')
})

test('who complains gets an answer with its trace, and another person looks again', async ({
  page,
}) => {
  await visit(page, '王审核', '/complaints')
  await expectAccessible(page)
  await screenshot(page, 'complaints')
  await page.goto(complaint)
  const answer = page.locator('form[action$="/answer"]')
  await answer.getByRole('radio', { name: '不属实' }).check()
  await answer.locator('textarea').fill('上门看过，老人户籍和居住都在本村，户口本已核对。')
  await page.getByRole('button', { name: '记下答复' }).click()
  await expect(main(page)).toContainText('老人户籍和居住都在本村')
  await page.goto(elders[0].application)
  await expect(state(page)).toHaveText('公示')

  await page.goto(complaint)
  const settle = page.locator('form[action$="/settle"]')
  await settle.getByRole('radio', { name: '不认可' }).check()
  await settle.locator('textarea').fill('反映人还是认为老人住在外县')
  await page.getByRole('button', { name: '记下回访' }).click()
  await expect(main(page)).toContainText('复查')
  // Not by who answered before.
  await expect(page.locator('form[action$="/review"]')).toHaveCount(0)
  await page.getByRole('link', { name: '看答复书' }).click()
  await expect(main(page)).toContainText('不同意这个答复')
  await expectAccessible(page)
  await screenshot(page, 'complaint-reply', { wholePage: true })

  await visit(page, '李审批', complaint)
  const review = page.locator('form[action$="/review"]')
  await review.getByRole('radio', { name: '不属实' }).check()
  await review.locator('textarea').fill('复查：水电记录和邻里走访都说明老人住在本村。')
  await page.getByRole('button', { name: '记下复查答复' }).click()
  await expect(main(page)).toContainText('水电记录和邻里走访')
  await expectAccessible(page)
  await screenshot(page, 'complaint-reviewed', { wholePage: true })
})

test('after its days nobody reads it any more, and it comes down with a name', async ({ page }) => {
  const notice = `/public/notices/${sheet.split('/').at(-1)}`
  await visit(page, '王审核', '/')
  await turnTo(page, '2026-06-12')
  await page.context().clearCookies()
  expect((await page.goto(notice)).status()).toBe(404)
  await page.goto('/public/notices')
  await expect(page.locator(`a[href="${notice}"]`)).toHaveCount(0)
  await expect(main(page)).toContainText('现在没有正在公示的名单')
  await expectAccessible(page)

  await visit(page, '王审核', sheet)
  await page.getByLabel('谁撤下的').fill('村务监督员')
  await page.getByRole('button', { name: '登记撤下' }).click()
  await expect(main(page)).toContainText('村务监督员')
  await page.goto(elders[0].application)
  await expect(state(page)).toHaveText('待审批')
})
