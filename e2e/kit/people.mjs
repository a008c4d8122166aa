import { expect } from '@playwright/test'

// The demo's people. Every demo account has the same password, which the demo prints.

/** The password of all demo accounts. */
export const PASSWORD = process.env.SONGHE_DEMO_PASSWORD ?? 'songhe-demo'

/** Signs in by the form that a person uses, and waits until the form is gone. */
export async function signIn(page, account, password = PASSWORD) {
  await page.goto('/')
  await page.getByLabel('账号').fill(account)
  await page.getByLabel('密码').fill(password)
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByLabel('密码').waitFor({ state: 'detached' })
}

/** Enters as one of the demo's people, by name, with the one click of the sign-in page. */
export async function enter(page, person) {
  await page.goto('/sign-in')
  await page.getByRole('button', { name: person }).click()
  await page.getByRole('button', { name: '退出' }).waitFor()
}

/** Opens a page as somebody, by name or login name, whoever was there before. */
export async function visit(page, person, path = new URL(page.url()).pathname) {
  await page.context().clearCookies()
  await (/^[\w-]+$/.test(person) ? signIn(page, person) : enter(page, person))
  await page.goto(path)
}

/** Presses a key once the page's script hears it, as a person would. */
export async function press(page, key) {
  await page.waitForLoadState('load')
  await page.keyboard.press(key)
}

/** Turns the demo's clock to the next day, and waits until its reconcilers have run. */
export async function nextDay(page) {
  const clock = page.getByRole('region', { name: '演示时钟' })
  const before = await clock.innerText()
  await clock.getByRole('button', { name: '到下一天' }).click()
  await expect(clock).not.toHaveText(before, { timeout: 60_000, useInnerText: true })
}

/** Turns the demo's clock to a day such as 2026-06-12, by the page's own control. */
export async function turnTo(page, day) {
  const { pathname } = new URL(page.url())
  await page.goto('/')
  const control = page.locator('form[action="/demo/clock"]').first()
  await control.locator('input[name=to]').evaluate((input, to) => { input.value = to }, day)
  await control.getByRole('button').click()
  const [year, month, date] = day.split('-').map(Number)
  const spoken = `${year} 年 ${month} 月 ${date} 日`
  await expect(page.locator('body')).toContainText(spoken, { timeout: 60_000 })
  await page.goto(pathname)
}

/** Signs out by the button in the bar. */
export async function signOut(page) {
  await page.getByRole('button', { name: '退出' }).click()
  await page.getByLabel('密码').waitFor()
}

/** Sends a form that the page does not offer, as somebody who knows its address would. */
export async function post(page, path) {
  const answered = page.waitForNavigation()
  await page.evaluate((action) => {
    const form = document.createElement('form')
    form.method = 'post'
    form.action = action
    form.append(document.querySelector('input[name=csrf]').cloneNode())
    document.body.append(form)
    form.submit()
  }, path)
  return answered
}
