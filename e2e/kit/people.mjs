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
