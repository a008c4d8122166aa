// Deaths come in by two people: one accepts the file, another one confirms it.
import { csv, enter, expect, expectAccessible, hand, pensioners } from '../kit/index.mjs'
import { post, screenshot, signOut, test } from '../kit/index.mjs'

const HEADINGS = ['姓名', '公民身份号码', '死亡日期', '注销日期']

/** The police's cancellations of these people. */
function deaths(name, people) {
  const rows = people.map((it) => [it.name, it.number, '2026-05-28', '2026-05-30'])
  return csv(name, [HEADINGS, ...rows])
}

const received = async (page, demo, file) => {
  await hand(page, demo, file, 'police_deaths', '2026-06-01')
  await expect(page.getByText('核对结果')).toBeVisible({ timeout: 30_000 })
}

test('one accepts, the same person is refused, and another one confirms', async ({
  page,
  demo,
}) => {
  const people = (await pensioners(demo)).slice(40, 44)
  await enter(page, '赵数据')
  await received(page, demo, deaths('公安死亡注销明细_补充.csv', people))
  const file = page.url()
  await expect(page.locator('main')).toContainText('4新报死亡')
  await expect(page.getByRole('cell', { name: people[0].name }).first()).toBeVisible()
  await expectAccessible(page)
  await screenshot(page, 'deaths', { wholePage: true })

  await page.getByRole('button', { name: '接收，交另一人确认' }).click()
  await expect(page.getByText('等另一位数据专管员或县级审批人')).toBeVisible()
  await expect(page.getByRole('button', { name: '确认入库' })).toHaveCount(0)
  await expectAccessible(page)
  await screenshot(page, 'deaths-accepted')
  await post(page, `${file}/confirm`)
  await expect(page.getByText('须由另一人确认，不能自己确认自己接收的文件')).toBeVisible()
  await expectAccessible(page)
  await page.goto('/')
  await signOut(page)

  await enter(page, '李审批')
  await page.goto('/files')
  await expect(page.locator('main')).toContainText('等另一人确认')
  await screenshot(page, 'files-waiting')
  await page.getByRole('link', { name: '公安死亡注销明细_补充.csv' }).first().click()
  await expect(page.getByText('确认前，名单里的人都不按去世办')).toBeVisible()
  await expectAccessible(page)
  await screenshot(page, 'deaths-second', { wholePage: true })
  const elder = await page.getByRole('link', { name: people[0].name }).first()
    .getAttribute('href')
  await page.getByRole('button', { name: '确认入库' }).click()
  await expect(page.getByText('已入库').first()).toBeVisible({ timeout: 30_000 })

  await page.goto(elder)
  await expect(page.locator('main')).toContainText('2026-05-28')
  await expect(page.locator('.chip', { hasText: /死亡/ }).first()).toBeVisible()
  await page.goto('/')
  await signOut(page)

  // They live: what came in goes out again, with the reason.
  await enter(page, '赵数据')
  await page.goto(file)
  await page.getByLabel('为什么撤销').fill('公安来电，名单导错了')
  await page.getByRole('button', { name: '撤销这份文件' }).click()
  await expect(page.getByText('已撤销').first()).toBeVisible()
  await page.goto(elder)
  await expect(page.locator('.chip', { hasText: '在世' }).first()).toBeVisible()
})

test('the second person may say no, and says why', async ({ page, demo }) => {
  await enter(page, '赵数据')
  await received(page, demo, deaths('名单不对的一份.csv', (await pensioners(demo)).slice(50, 54)))
  const file = page.url()
  await page.getByRole('button', { name: '接收，交另一人确认' }).click()
  await expect(page.getByText('等另一位数据专管员或县级审批人')).toBeVisible()
  await signOut(page)

  await enter(page, '李审批')
  await page.goto(file)
  await page.getByLabel('哪里不对').fill('村里说这几位都在家')
  await page.getByRole('button', { name: '不同意，退回' }).click()
  await expect(page.locator('main')).toContainText('村里说这几位都在家')
  await expect(page.getByText('已退回').first()).toBeVisible()
  await expectAccessible(page)
  await screenshot(page, 'deaths-refused')
})

test('a file that brings too many deaths is held', async ({ page, demo }) => {
  const people = await pensioners(demo)
  await enter(page, '赵数据')
  await received(page, demo, deaths('多出一个零的一份.csv', people.slice(0, 640)))
  await expect(page.getByText(/新报 \d+ 人死亡，超过一次 600 人的上限/)).toBeVisible()
  await expect(page.getByRole('button', { name: '接收，交另一人确认' })).toHaveCount(0)
  await expectAccessible(page, { within: '.verdict' })
  await screenshot(page, 'deaths-held')
  await page.getByLabel('为什么可以入库').fill('  ')
  await page.getByRole('button', { name: '写明原因，接收' }).click()
  await expect(page.getByText('这份文件暂缓中，入库要写明原因')).toBeVisible()
  await page.goBack()
  await page.getByRole('button', { name: '退回来源部门' }).click()
  await expect(page.getByText('已退回').first()).toBeVisible()
})
