// Every form of the month on paper: as it is printed, as many pages as sheets, and readable.
import { expect, expectAccessible, paperShot, test, visit } from '../kit/index.mjs'

test.use({ demoOf: { june: 'sent', alone: 'papers' } })
test.describe.configure({ timeout: 120_000 })

/** Pages of a PDF as Chromium writes it. */
const pagesOf = (pdf) => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0

/** Opens a form, prints it, and looks whether each sheet is one page. */
async function prints(page, path, name, says) {
  await page.goto(path)
  await expect(page.locator('main'), name).toContainText(says)
  // Nothing on paper leads a stranger to a whole number.
  await expect(page.locator('main'), name).not.toContainText(/\d{17}[\dX]/)
  await expectAccessible(page)
  const sheets = await page.locator('.a4').count()
  await page.emulateMedia({ media: 'print' })
  await expect(page.locator('.noprint').first()).toBeHidden()
  await paperShot(page, name)
  const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true })
  if (sheets > 0) expect(pagesOf(pdf), `${name}: pages for ${sheets} sheets`).toBe(sheets)
  else expect(pagesOf(pdf), name).toBeGreaterThan(0)
  await page.emulateMedia({ media: null })
  return sheets
}

/** The addresses on a page that look like this, each once. */
async function links(page, path, pattern) {
  await page.goto(path)
  const all = await page.locator('main a').evaluateAll((found) =>
    found.map((it) => it.getAttribute('href')))
  return [...new Set(all)].filter((href) => pattern.test(href))
}

test('the forms of the run: summary, roster, new, stopped and the sheet to stamp', async ({
  page,
}) => {
  await visit(page, '钱发放', '/paper')
  const says = {
    summary: '9,080.00',
    roster: '玖仟零捌拾元整',
    added: '新增',
    stopped: '去世停发',
    confirmation: '167',
  }
  for (const [form, words] of Object.entries(says)) {
    const [path] = await links(page, '/paper', new RegExp(`/${form}(\\?|$)`))
    const sheets = await prints(page, path, `paper-${form}`, words)
    if (form === 'roster') expect(sheets).toBeGreaterThan(5)
  }
  const [run] = await links(page, '/bank-files', /\/pay\/\d+\/bank-file$/)
  await prints(page, `${run}/manifest`, 'paper-manifest', '167')
})

test('printing is counted, and the sheet says which print it is', async ({ page }) => {
  await visit(page, '钱发放', '/paper')
  for (const time of ['1', '2']) {
    await page.goto('/paper')
    const roster = page.getByRole('row', { name: /花名册/ })
    await roster.getByRole('button', { name: '打印' }).click()
    await expect(page.locator('main')).toContainText(`第 ${time} 次打印`)
  }
  await page.goto('/paper')
  await expect(page.getByRole('row', { name: /花名册/ })).toContainText('2')
})

test('the forms about one person: application, notices, recovery and the card', async ({
  page,
}) => {
  await visit(page, '李审批', '/')
  const one = async (list, pattern) => (await links(page, list, pattern))[0]
  const application = await one('/applications?state=approved', /\/applications\/[0-9a-f-]{36}$/)
  await prints(page, `${application}/sheet`, 'paper-application', '高龄津贴')
  const [account] = (await page.locator('main').innerText()).match(/尾号 \d{4}/)
  const stop = await one('/stops?part=approved', /\/stops\/[0-9a-f-]{36}$/)
  await prints(page, `${stop}/notice`, 'paper-stop-notice', '停发')
  const sheet = await one('/publicity', /\/publicity\/\d+$/)
  await prints(page, `${sheet}/sheet`, 'paper-publicity', '公示')
  const claim = await one('/recoveries', /\/recoveries\/[0-9a-f-]{36}$/)
  await prints(page, `${claim}/notice-paper`, 'paper-recovery-notice', '追缴')
  const elder = await one(application, /^\/elders\/[0-9a-f-]{36}$/)
  await prints(page, `${elder}/card`, 'paper-card', account)
})
