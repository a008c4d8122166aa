// June is closed in the browser: proposed, explained, signed by two, paid, answered by the bank.
// SONGHE_COUNTY_STORY=1 closes the whole county instead of the town.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { csv, expect, expectAccessible, playJune, screenshot, sheetRows } from '../kit/index.mjs'
import { post, test, visit } from '../kit/index.mjs'

const preset = process.env.SONGHE_COUNTY_STORY ? 'county' : 'town'
test.use({ demoOf: { preset, june: 'closing' } })
test.describe.configure({ mode: 'serial', timeout: preset === 'county' ? 3_600_000 : 180_000 })

/** May, June, and every difference between them: people and yuan; 补发 has its months, too. */
const JUNE = {
  town: {
    may: ['168', '8,360.00'],
    june: ['167', '9,080.00'],
    differences: {
      added: ['新增', 3, '+120.00'],
      stopped_death: ['去世停发', 4, '-240.00'],
      class_change: ['档次变化', 2, '+360.00'],
      arrears: ['补发', 2, '+480.00', '12'],
    },
  },
  county: {
    may: ['12,933', '616,720.00'],
    june: ['13,010', '632,640.00'],
    differences: {
      added: ['新增', 143, '+5,720.00'],
      stopped_death: ['去世停发', 66, '-4,040.00'],
      class_change: ['档次变化', 20, '+1,800.00'],
      arrears: ['补发', 47, '+12,440.00', '311'],
    },
  },
}[preset]

const row = (page, table, text) => page.locator(`#${table} tbody tr`, { hasText: text })
const state = (page) => page.locator('main .chip').first()
const number = (text) => Number(text.replaceAll(/[,\s]/g, ''))
const sm3 = (bytes) => createHash('sm3').update(bytes).digest('hex')

/** What is known of June from one test to the next. */
let run = ''
let digest = ''
let file = Buffer.alloc(0)

test('June is proposed, and every difference from May has its people', async ({ page }) => {
  await visit(page, '钱发放', '/pay')
  await expectAccessible(page)
  await page.getByLabel('发什么').selectOption({ label: '高龄津贴' })
  await page.getByLabel('哪个月').selectOption('2026-06')
  await page.getByRole('button', { name: '拟制', exact: true }).click()
  // A county takes longer than a click: then its progress is shown, and its run in the list.
  const made = page.locator('main a[href^="/pay/"]:not([href*="xlsx"])').first()
  await expect(async () => {
    if (!/\/pay\/\d+$/.test(page.url())) await made.click({ timeout: 2_000 })
    expect(page.url()).toMatch(/\/pay\/\d+$/)
  }).toPass({ timeout: 120_000 })
  run = new URL(page.url()).pathname

  await expect(page.getByText('差异全部有解释')).toBeVisible()
  await expect(state(page)).toHaveText('已拟制')
  const rows = page.locator('#equation tr')
  await expect(rows.filter({ hasText: '上月' })).toContainText(JUNE.may[0])
  await expect(rows.filter({ hasText: '上月' })).toContainText(JUNE.may[1])
  await expect(rows.filter({ hasText: '本月' })).toContainText(JUNE.june[0])
  await expect(rows.filter({ hasText: '本月' })).toContainText(JUNE.june[1])
  const causes = Object.values(JUNE.differences)
  await expect(page.locator('#equation tbody a')).toHaveCount(causes.length)
  for (const [cause, people, money, months = ''] of causes) {
    const told = row(page, 'equation', cause)
    await expect(told).toContainText(`${people} 人`)
    await expect(told).toContainText(months)
    await expect(told).toContainText(money.replace('-', '−'))
  }
  await expectAccessible(page)
  await screenshot(page, 'closing', { wholePage: true })

  for (const [cause, people] of causes) {
    await page.goto(run)
    await row(page, 'equation', cause).getByRole('link').click()
    const shown = Math.min(people, 50)
    await expect(page.locator('#differences tbody tr')).toHaveCount(shown)
    await expect(page.locator('#differences tbody tr', { hasText: cause })).toHaveCount(shown)
  }
  await expectAccessible(page)
  await screenshot(page, 'closing-arrears')
  await page.locator('#differences tbody tr').first().getByRole('link', { name: '依据' }).click()
  await expect(page).toHaveURL(/\/why\/old_age_allowance/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('符合')
  await page.goto(`${run}/lines`)
  await expectAccessible(page)
  await screenshot(page, 'closing-lines')
})

test('one freezes and locks, another one locks, and nobody does both', async ({ page }) => {
  await visit(page, '钱发放', run)
  await page.getByRole('button', { name: '看过了，冻结' }).click()
  await expect(state(page)).toHaveText('已冻结')
  await expect(page.locator('main')).toContainText(`${JUNE.june[0]} 人领 ${JUNE.june[1]} 元`)
  digest = (await page.locator('.verdict .mono').innerText()).replaceAll(/\s/g, '')
  expect(digest).toMatch(/^[0-9a-f]{64}$/)
  await expectAccessible(page)
  await screenshot(page, 'closing-lock', { wholePage: true })
  await page.getByRole('button', { name: '看过了，锁定' }).click()
  await expect(state(page)).toHaveText('一人已锁定')
  await expect(page.getByRole('button', { name: /锁定/ })).toHaveCount(0)
  expect((await post(page, `${run}/lock-again`)).status()).toBeGreaterThanOrEqual(400)

  await visit(page, '李审批', run)
  expect((await page.locator('.verdict .mono').innerText()).replaceAll(/\s/g, '')).toBe(digest)
  await page.getByRole('button', { name: '复核无误，锁定' }).click()
  await expect(state(page)).toHaveText('已锁定')
})

test('the treasury sends it back with its cause, then passes it', async ({ page }) => {
  const request = async () => {
    await visit(page, '钱发放', run)
    await page.getByRole('button', { name: '向财政申请资金' }).click()
    await expect(state(page)).toHaveText('已申请资金')
  }
  const review = async (opinion, words) => {
    await visit(page, '冯财政', run)
    await page.getByRole('radio', { name: opinion }).check()
    await page.getByLabel('说明').fill(words)
  }
  await request()
  await review('退回', '城关镇资金文号未下达')
  await expectAccessible(page)
  await screenshot(page, 'closing-treasury', { wholePage: true })
  // The treasury sees sums, and nobody's name.
  await expect(page.locator('#equation a')).toHaveCount(0)
  expect((await page.goto(`${run}/lines`)).status()).toBeGreaterThanOrEqual(403)
  await page.goto(run)
  await review('退回', '城关镇资金文号未下达')
  await page.getByRole('button', { name: '记下审核意见' }).click()
  await expect(page.locator('main')).toContainText('财政退回：城关镇资金文号未下达')

  await visit(page, '钱发放', run)
  await page.getByRole('button', { name: '改为新版本' }).click()
  await expect(page.locator('main')).toContainText('第 2 版')
  await page.getByRole('button', { name: '看过了，锁定' }).click()
  await visit(page, '李审批', run)
  await page.getByRole('button', { name: '复核无误，锁定' }).click()
  await request()
  await review('通过', '')
  await page.getByRole('button', { name: '记下审核意见' }).click()
  await expect(state(page)).toHaveText('财政已审')
})

test('the bank gets the file that `songhe play june` makes', async ({ page, demo }) => {
  await visit(page, '钱发放', run)
  await page.getByLabel('支付凭证号').fill('松财支〔2026〕0612号')
  await page.getByRole('button', { name: '登记支付凭证' }).click()
  await expect(state(page)).toHaveText('已有支付凭证')
  await page.getByRole('link', { name: '银行文件', exact: true }).last().click()
  await expectAccessible(page)
  await page.getByRole('button', { name: '生成文件并登记交银行' }).click()
  await expect(state(page)).toHaveText('已交银行')
  await expectAccessible(page)
  await screenshot(page, 'bank-file', { wholePage: true })
  const arriving = page.waitForEvent('download')
  await page.getByRole('button', { name: '下载文件' }).click()
  file = await readFile(await (await arriving).path())
  const shown = (await page.locator('main').innerText()).replaceAll(/\s/g, '')
  expect(shown).toContain(sm3(file))

  const played = await playJune(demo.twin, { preset })
  expect(played.unexplained).toBe(0)
  expect(played.lines).toBe(number(JUNE.june[0]))
  expect(played.total_fen).toBe(Math.round(number(JUNE.june[1]) * 100))
  for (const [code, [, people, money, months]] of Object.entries(JUNE.differences)) {
    expect(played.differences[code].people, code).toBe(people)
    expect(played.differences[code].amount_fen, code).toBe(Math.round(number(money) * 100))
    if (months) expect(played.arrears_months).toBe(Number(months))
  }
  expect(played.content_digest).toBe(digest)
  expect(played.bank_file_sm3).toBe(sm3(file))
})

test('the month is printed: the summary, and a roster for the town to sign', async ({ page }) => {
  await visit(page, '钱发放', '/paper')
  await expectAccessible(page)
  await screenshot(page, 'paper', { wholePage: true })
  const summary = page.getByRole('row', { name: /汇总表/ })
  await summary.getByRole('button', { name: '打印' }).click()
  await expect(page.locator('main')).toContainText('第 1 次打印')
  await expect(page.locator('main')).toContainText(JUNE.june[1])
  await expectAccessible(page)
})

test('the bank returns some, the villages get their duties, and the rest is paid', async ({
  page,
}) => {
  const [headings, ...people] = sheetRows(file)
  const at = (heading) => headings.indexOf(heading)
  const own = ['明细号', '姓名', '一卡通账号', '发放金额（分）', '发放批次']
  const RETURNED = { 2: ['01', '账户注销'], 3: ['02', '户名不符'], 5: ['04', '已故'] }
  const UNCLEAR = '7'
  const answer = (no) => {
    if (no === UNCLEAR) return ['待查', '', '']
    return RETURNED[no] ? ['未入账', ...RETURNED[no]] : ['已入账', '', '']
  }
  /** The bank's answer to these lines; `change` is what goes wrong with a line on the way. */
  const answers = (name, lines, answered = answer, change = (cells) => cells) => {
    const told = lines.map((line) => {
      const cells = change(Object.fromEntries(own.map((heading) => [heading, line[at(heading)]])))
      return [...own.map((heading) => cells[heading]), ...answered(cells['明细号'])]
    })
    return csv(name, [[...own, '入账状态', '失败码', '失败原因'], ...told])
  }
  const upload = async (given) => {
    await page.getByLabel('回盘文件').setInputFiles(given)
    await page.getByRole('button', { name: '登记回盘' }).click()
  }
  const figure = (label) => page.locator('.figs div', { hasText: label }).locator('b')
  await visit(page, '钱发放', `${run}/bank-file`)

  // A changed line refuses the whole file, and says which.
  await upload(answers('改了一行的回盘.csv', people, answer, (cells) => {
    const isFourth = cells['明细号'] === '4'
    return isFourth ? { ...cells, '发放金额（分）': '400000' } : cells
  }))
  await expect(page.getByText(/第 5 行/).first()).toBeVisible()
  await expectAccessible(page)
  await screenshot(page, 'bank-return-refused')

  await page.goto(`${run}/bank-file`)
  await upload(answers('回盘.csv', people))
  await expect(figure('退汇')).toHaveText('3')
  await expect(figure('未明')).toHaveText('1')
  await expect(figure('成功')).toHaveText((people.length - 4).toLocaleString('en'))
  await expect(state(page)).toHaveText('已交银行')
  for (const [, words] of Object.values(RETURNED)) {
    await expect(page.locator('main')).toContainText(words)
  }
  await expectAccessible(page)
  await screenshot(page, 'bank-return', { wholePage: true })

  await page.goto('/bank-returns')
  await expect(page.locator('main tbody tr')).toHaveCount(3)
  await expectAccessible(page)
  await screenshot(page, 'bank-returns')

  // What was unclear is answered later: then all of the month is settled.
  const unclear = people.filter((line) => line[at('明细号')] === UNCLEAR)
  await page.goto(`${run}/bank-file`)
  await upload(answers('第二次回盘.csv', unclear, () => ['已入账', '', '']))
  await expect(figure('未明')).toHaveText('0')
  await expect(state(page)).toHaveText('已结清')
  await page.goto(run)
  await expect(state(page)).toHaveText('已结清')
  await screenshot(page, 'closing-settled', { wholePage: true })

  await visit(page, '李审批', '/duties')
  await expect(page.locator('main')).toContainText('退汇')
})
