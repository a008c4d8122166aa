// The administrator lets somebody in and out again; the person chooses a password of the own.
import { enter, expect, expectAccessible, screenshot } from '../kit/index.mjs'
import { signIn, signOut, test } from '../kit/index.mjs'

const FIRST = 'given-at-the-desk'
const OWN = 'known-to-nobody-else'

test('the administrator opens an account and its person sees the own village', async ({ page }) => {
  await enter(page, '郑管理')
  await page.getByRole('link', { name: '账号管理' }).first().click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/现有 \d+ 个有效账号/)
  await expectAccessible(page)
  await screenshot(page, 'accounts')

  await page.getByRole('link', { name: '新开账号' }).first().click()
  await expectAccessible(page)
  await page.getByLabel('姓名').fill('何新来')
  await page.getByLabel('登录名').fill('he.xinlai')
  await page.getByLabel('岗位').selectOption('村级养老专干')
  await page.getByLabel('辖区').fill('别处村')
  await page.getByLabel('初始密码').first().fill(FIRST)
  await page.getByLabel('再输一遍初始密码').fill(FIRST)
  await page.getByRole('button', { name: '开立账号' }).click()
  await expect(page.getByRole('alert')).toContainText('您的辖区里没有这个地方')
  await expect(page.getByLabel('登录名')).toHaveValue('he.xinlai')
  await expectAccessible(page)
  await screenshot(page, 'open-account', { wholePage: true })

  await page.getByLabel('辖区').fill('溪尾村')
  await page.getByLabel('初始密码').first().fill(FIRST)
  await page.getByLabel('再输一遍初始密码').fill(FIRST)
  await page.getByRole('button', { name: '开立账号' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('何新来的账号')
  await expectAccessible(page)
  await screenshot(page, 'account', { wholePage: true })
  await signOut(page)

  await signIn(page, 'he.xinlai', FIRST)
  await expect(page.locator('.top')).toContainText('溪尾村')
  await page.getByRole('link', { name: '改密码' }).click()
  await page.getByLabel('原密码').fill(FIRST)
  await page.getByLabel('新密码').first().fill(OWN)
  await page.getByLabel('再输一遍新密码').fill(OWN)
  await expectAccessible(page)
  await screenshot(page, 'password')
  await page.getByRole('button', { name: '改密码' }).click()
  await expect(page.getByRole('status')).toContainText('密码已经改好')
  await signOut(page)
  await signIn(page, 'he.xinlai', OWN)
})

test('whoever is ended is out at the next click', async ({ page, browser, demo }) => {
  const other = await browser.newPage({ baseURL: demo.url })
  await signIn(other, 'he.xinlai', OWN)
  await enter(page, '郑管理')
  await page.goto('/accounts')
  await page.getByRole('link', { name: '何新来' }).click()
  await page.getByLabel('停用原因').fill('调离')
  await page.getByRole('button', { name: '停用这个账号' }).click()
  await expect(page.locator('#accounts')).toContainText('已结束')
  await expectAccessible(page)

  await other.goto('/')
  await expect(other).toHaveURL(/sign-in/)
  await expect(other.getByRole('alert')).toContainText('授权有变动')
  await other.close()
})
