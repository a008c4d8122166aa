// What the province is told: looked at, sealed, sent, answered, and the refused row once more.
import { readFile } from 'node:fs/promises'
import { csv, enter, expect, expectAccessible, rowsOf, screenshot } from '../kit/index.mjs'
import { post, signOut, test } from '../kit/index.mjs'

const AWARDS = '老年人补贴在发名册'
const figure = (page, label) => page.locator('.figs div', { hasText: label }).locator('b')

/** The receiver's answer to these rows of a run; the row `refused` goes back. */
function receipt(name, sent, refused) {
  const at = (heading) => sent[0].indexOf(heading)
  const answers = sent.slice(1).map((row) => {
    const own = [row[at('序号')], row[at('批次号')]]
    return own[0] === refused ? [...own, '退回', 'E07', '姓名与省库不一致'] : [...own, '接收', '', '']
  })
  return csv(name, [['序号', '批次号', '处理结果', '错误代码', '错误说明'], ...answers])
}

async function saved(page, button) {
  const arriving = page.waitForEvent('download')
  await button.click()
  return rowsOf(await readFile(await (await arriving).path()))
}

async function uploadReceipt(page, file) {
  await page.getByLabel('回执文件').setInputFiles(file)
  await page.getByRole('button', { name: '登记回执' }).click()
}

async function markSent(page) {
  await page.getByLabel('怎么送的，谁收的').fill('政务内网邮箱，省厅数据处签收')
  await page.getByRole('button', { name: '登记已送出' }).click()
  await expect(page.getByText('已送出，等回执').first()).toBeVisible()
}

test('the month is looked at, sealed, sent, answered, and the refused row goes again', async ({
  page,
}) => {
  await enter(page, '赵数据')
  await page.goto('/reports')
  await expectAccessible(page)
  await screenshot(page, 'reports', { wholePage: true })
  await page.getByLabel('报什么').selectOption({ label: AWARDS })
  await page.getByRole('button', { name: '核对', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(AWARDS)
  await expect(page.getByText('待确认').first()).toBeVisible()
  await expect(page.locator('main')).toContainText('还没有送出')
  const ready = Number((await figure(page, '可送出').innerText()).replaceAll(',', ''))
  expect(ready).toBeGreaterThan(0)
  await expectAccessible(page)
  await screenshot(page, 'report-preview', { wholePage: true })

  await page.getByRole('button', { name: '看过了，封存' }).click()
  await expect(page.getByText('已封存，待送出').first()).toBeVisible()
  await expectAccessible(page)
  await screenshot(page, 'report-sealed')
  const run = page.url()
  const download = page.getByRole('button', { name: '下载文件' })
  const address = await page.locator('form').filter({ has: download }).getAttribute('action')
  const sent = await saved(page, download)
  expect(sent.length - 1).toBe(ready)

  // Who may look at the run may not take the file with everybody's numbers along.
  await signOut(page)
  await enter(page, '李审批')
  expect((await post(page, address)).status()).toBe(403)
  await expectAccessible(page)
  await page.goto('/')
  await signOut(page)

  await enter(page, '赵数据')
  await page.goto(run)
  await markSent(page)
  await uploadReceipt(page, receipt('缺一行的回执.csv', sent.slice(0, -1)))
  await expect(page.getByText(/回执只有 \d+ 行/)).toBeVisible()
  await expectAccessible(page)
  await page.goto(run)
  await uploadReceipt(page, receipt('回执.csv', sent, '2'))
  await expect(page.getByText('部分退回').first()).toBeVisible()
  await expect(page.locator('main')).toContainText('姓名与省库不一致')
  await expectAccessible(page)
  await screenshot(page, 'report-answered', { wholePage: true })

  await page.getByRole('button', { name: '重报退回的' }).click()
  await expect(page).not.toHaveURL(run)
  await expect(figure(page, '可送出')).toHaveText('1')
  await page.getByRole('button', { name: '看过了，封存' }).click()
  await expect(page.getByText('已封存，待送出').first()).toBeVisible()
  const again = await saved(page, page.getByRole('button', { name: '下载文件' }))
  await markSent(page)
  await uploadReceipt(page, receipt('第二次回执.csv', again))
  await expect(page.getByText('全部接收').first()).toBeVisible()
  await page.goto(run)
  await expect(page.getByText('退回的都已经重报')).toBeVisible()
})
