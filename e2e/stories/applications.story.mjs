// From a duty to an award: the village applies, the town reviews, the county approves or refuses.
import { applyFor, expect, expectAccessible, OTHER_REVIEWER } from '../kit/index.mjs'
import { screenshot, test, TOWN_WORKER, turnTo, unpaid, visit } from '../kit/index.mjs'

test.use({ demoOf: { alone: 'applications' } })
test.describe.configure({ mode: 'serial', timeout: 120_000 })

const heading = (page) => page.getByRole('heading', { level: 1 })
const state = (page) => page.locator('.head .chip').first()
const history = (page) => page.locator('main ul.line')
const inQueue = (page, elder) => page.locator('#applications tbody tr', { hasText: elder.name })

async function open(page, { name, application }) {
  await page.goto(application)
  await expect(heading(page)).toContainText(name)
}

/** Whose case is whose, from one test to the next. */
let own // 溪尾村's, applied for by its own worker
let noAccount
let others // those of other villages, with an account

test('the village applies from its duty, and only says what nobody knows', async ({ page }) => {
  await visit(page, '周小禾', '/')
  ;[own] = await unpaid(page)
  await page.goto(own.duty)
  await page.getByRole('link', { name: '代办申领' }).click()
  await expect(heading(page)).toHaveText(`${own.name}申请高龄津贴`)
  await expect(page.locator('main')).toContainText('每月 40 元')
  await expectAccessible(page)
  await screenshot(page, 'application-new', { wholePage: true })

  await page.getByRole('button', { name: '提交审核' }).click()
  // Nothing is sent without the elder's word; what was typed stays.
  await expect(page).toHaveURL(/\/apply\//)
  own.application = await applyFor(page, own)
  await expect(heading(page)).toHaveText(`${own.name}申请高龄津贴`)
  await expect(state(page)).toHaveText('待审核')
  await expectAccessible(page)
  await screenshot(page, 'application-sent', { wholePage: true })

  await page.goto(own.duty)
  await expect(page.getByRole('link', { name: '代办申领' })).toHaveCount(0)
})

test('who has no account waits for one, another account is told', async ({ page }) => {
  await visit(page, '李审批', '/')
  const all = (await unpaid(page)).filter(({ name }) => name !== own.name)
  await visit(page, TOWN_WORKER, '/')
  others = []
  for (const elder of all) {
    await page.goto(elder.duty)
    await page.getByRole('link', { name: '代办申领' }).click()
    const isKnown = await page.getByRole('radio', { name: '部门登记的账户' }).count() > 0
    elder.application = await applyFor(page, elder, async () => {
      if (!isKnown) await page.getByRole('radio', { name: '还没有账户' }).check()
      else if (others.length === 0) {
        await page.getByRole('radio', { name: '另报一个账户' }).check()
        await page.getByLabel('另报的账号').fill('6217000012345678900')
      }
    })
    if (isKnown) others.push(elder)
    else noAccount = elder
  }
  expect(others.length).toBeGreaterThanOrEqual(4)
  await open(page, noAccount)
  await expect(state(page)).toHaveText('待补账户')
  await screenshot(page, 'application-without-account')
  await open(page, others[0])
  await expect(page.locator('main')).toContainText('尾号 8900（另报）')
})

test('the town returns one with its reason, and a second time only after a call', async ({
  page,
}) => {
  const giveBack = async () => {
    await page.locator('summary', { hasText: '退回补正' }).click()
    await page.getByLabel('户籍或居住情况要核实').check()
    await page.getByRole('button', { name: '退回补正' }).click()
  }
  await visit(page, '王审核', '/applications')
  await expect(inQueue(page, own)).toContainText('全部有据')
  await open(page, own)
  await giveBack()
  await expect(page).not.toHaveURL(own.application)
  await open(page, own)
  await expect(state(page)).toHaveText('退回补正')
  await expect(history(page)).toContainText('户籍或居住情况要核实')

  await visit(page, '周小禾', own.application)
  await page.getByRole('button', { name: /提交审核/ }).click()
  await expect(state(page)).toHaveText('待审核')

  await visit(page, '王审核', '/applications')
  await expect(inQueue(page, own)).toContainText('退回过，看补正了没有')
  await open(page, own)
  await expect(page.getByLabel('已电话说明缺什么')).not.toBeChecked()
  await page.locator('form[action$="/return"]').evaluate((form) => { form.noValidate = true })
  await giveBack()
  await expect(page.getByText('第二次退回之前，要先打电话')).toBeVisible()
  await expectAccessible(page)
})

test('relatives and those who applied themselves leave it to somebody else', async ({ page }) => {
  const [, kin] = others
  await visit(page, '王审核', kin.application)
  await page.getByRole('link', { name: kin.name }).first().click()
  const elder = new URL(page.url()).pathname
  await page.goto(`${elder}/apply`)
  await expectAccessible(page)
  await page.getByLabel('这位老人是我的').selectOption({ label: '父母' })
  await page.getByRole('button', { name: '备案', exact: true }).click()
  await page.goto('/kin')
  await expect(page.getByRole('row', { name: new RegExp(kin.name) })).toContainText('父母')
  await expectAccessible(page)
  await screenshot(page, 'kin')
  await open(page, kin)
  await expect(page.getByText('不能由您办理')).toBeVisible()
  await expect(page.getByRole('button', { name: /审核通过/ })).toHaveCount(0)
  await expectAccessible(page)
  await screenshot(page, 'application-kin', { wholePage: true })

  // At the window he takes in what was waiting for an account: then he does not review it.
  await open(page, noAccount)
  await page.getByRole('radio', { name: '另报一个账户' }).check()
  await page.getByLabel('另报的账号').fill('6217000087654321000')
  await page.getByRole('button', { name: /提交审核/ }).click()
  await expect(state(page)).toHaveText('待审核')
  await expect(page.getByText('不能由您办理')).toBeVisible()
})

test('the town passes what is proved at once, and looks at the rest', async ({ page }) => {
  await visit(page, '王审核', '/applications')
  await expectAccessible(page)
  await screenshot(page, 'applications', { wholePage: true })
  await page.getByRole('button', { name: '所选的审核通过' }).click()
  await expect(page.getByText(/^已审核 \d+ 件/)).toBeVisible()
  await expect(inQueue(page, others[0])).toContainText('要核对存折或社保卡')
  await open(page, others[0])
  await screenshot(page, 'application-review', { wholePage: true })
  await page.getByLabel('已核对存折或社保卡原件').check()
  await page.getByRole('button', { name: '审核通过，看下一件' }).click()
  await open(page, own)
  await page.getByRole('button', { name: '审核通过，看下一件' }).click()

  await visit(page, OTHER_REVIEWER, others[1].application)
  await page.getByRole('button', { name: '审核通过，看下一件' }).click()
  await open(page, noAccount)
  await page.getByLabel('已核对存折或社保卡原件').check()
  await page.getByRole('button', { name: '审核通过，看下一件' }).click()
  await page.goto('/applications?state=in_review')
  await expect(page.locator('#applications tbody tr')).toHaveCount(0)
})

test('after its publicity the county approves the proved, and refuses one in writing', async ({
  page,
}) => {
  await visit(page, '王审核', '/publicity')
  await page.getByLabel('异议电话').fill('0990-6000000')
  await page.getByRole('button', { name: /^张贴 \d+ 个村的公示/ }).click()
  await expect(page.locator('main')).toContainText('正在公示')
  await turnTo(page, '2026-06-12')
  for (;;) {
    await page.goto('/publicity?state=overdue')
    const sheet = page.locator('main tbody a[href^="/publicity/"]').first()
    if (await sheet.count() === 0) break
    await sheet.click()
    await page.getByLabel('谁撤下的').fill('村务监督员')
    await page.getByRole('button', { name: '登记撤下' }).click()
    await expect(page.getByRole('button', { name: '登记撤下' })).toHaveCount(0)
  }

  await visit(page, '李审批', '/applications')
  await expectAccessible(page)
  await screenshot(page, 'applications-county', { wholePage: true })
  // What needs a look cannot be ticked; sent along all the same, it is left with its reason.
  await expect(inQueue(page, others[0]).getByRole('checkbox')).toHaveCount(0)
  await page.locator('#batch').evaluate((form, id) => {
    const more = document.createElement('input')
    Object.assign(more, { type: 'hidden', name: 'case', value: id })
    form.append(more)
  }, others[0].application.split('/').at(-1))
  await page.getByRole('button', { name: '所选的审批通过' }).click()
  await expect(page.getByText(/^已审批 \d+ 件。有 1 件不能批量审批/)).toBeVisible()
  await screenshot(page, 'applications-batch')

  await open(page, others[0])
  await page.locator('summary', { hasText: '不予批准' }).click()
  await page.getByLabel('申请材料不实').check()
  await page.locator('form[action$="/refuse"] textarea').fill('存折户名不是老人本人')
  await page.getByRole('button', { name: '不予批准', exact: true }).click()
  await open(page, others[0])
  await expect(state(page)).toHaveText('不予批准')
  await page.getByRole('link', { name: '打印不予批准告知书' }).click()
  await expect(page.locator('main')).toContainText('申请材料不实')
  await expectAccessible(page)
  await screenshot(page, 'application-refused', { wholePage: true })

  await open(page, own)
  await page.getByRole('button', { name: '批准，看下一件' }).click()
  await open(page, own)
  await expect(state(page)).toHaveText('已批准')
  await page.goto('/applications?state=approved')
  await expect(inQueue(page, own)).toHaveCount(1)
})
