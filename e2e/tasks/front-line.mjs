// The tasks of people at the front line, done in the browser and counted: `npm run tasks`.
//
// SONGHE_PRESET=county does them in the whole county. A task that the program cannot do yet, or
// not to its end, says so with the reason; what is nearest to it is done and counted instead.
import { chromium } from '@playwright/test'
import { join } from 'node:path'
import { startDemo } from '../kit/server.mjs'
import { Hand } from './hand.mjs'

const preset = process.env.SONGHE_PRESET ?? 'town'
const PHONE = { width: 360, height: 740 }
const DESK = { width: 1366, height: 768 }

const link = (page, name) => page.getByRole('link', { name }).first()
const button = (page, name) => page.getByRole('button', { name }).first()
const firstDuty = (page) => page.locator('#duties tbody tr a').first()

/** Ticks what came of the open duty, says why where it must, and saves. */
async function settle(hand, outcome, why) {
  const { page } = hand
  await hand.click(page.getByLabel(outcome))
  if (why) await hand.type(page.getByLabel('原因或说明'), why)
  await hand.click(button(page, '记下结果'))
  await hand.wait(() => page.getByText('已记录的结果').waitFor())
}

/** From the duty that was just settled to the next of its kind, by way of today's page. */
async function nextOf(hand, kind) {
  const { page } = hand
  if (page.viewportSize().width < 800) await hand.click(page.getByText('菜单'))
  await hand.click(link(page.locator('nav:visible'), /今日待办/))
  await hand.click(page.locator(`.card a[href$="kind=${kind}"]`).first())
  await hand.click(firstDuty(page))
}

async function openFirst(hand, kind) {
  await hand.click(hand.page.locator(`.card a[href$="kind=${kind}"]`).first())
  await hand.click(firstDuty(hand.page))
}

const TASKS = [
  {
    name: '1 结算日前处理 40 笔退汇',
    lack: '退汇随发放做；这里连办 20 件探访待办',
    who: '李审批',
    async act(hand) {
      await openFirst(hand, 'visit_due')
      for (let done = 1; done <= 20; done += 1) {
        await settle(hand, '已探访，平安')
        if (done < 20) await nextOf(hand, 'visit_due')
      }
    },
  },
  {
    name: '2 新人第一天接手并办结一件',
    who: '王审核',
    async act(hand) {
      await hand.click(link(hand.page, '按到期逐件办理'))
      await hand.page.locator('.reasons').waitFor()
      await openFirstAgain(hand, 'award_after_death')
      await settle(hand, '属实，转停发')
    },
  },
  {
    name: '3 村里走访 6 位老人',
    lack: '离线、冲突合并、报死亡还没有；这里在手机上联网办 3 件（平安、没见到、不愿意）',
    who: '周小禾',
    view: PHONE,
    async act(hand) {
      await openFirst(hand, 'visit_due')
      await settle(hand, '已探访，平安')
      await nextOf(hand, 'visit_due')
      await settle(hand, '没见到人', '敲门没人应')
      await nextOf(hand, 'unclaimed_entitlement')
      await settle(hand, '本人不申请', '本人不要')
    },
  },
  { name: '4 评估员离线填完整份评估', lack: '评估表还没有，不能做', nothing: true },
  {
    name: '5 审批人找出共用账户和村干部亲属',
    lack: '村干部名单没有来源；这里只找共用账户',
    who: '李审批',
    async act(hand) {
      await openFirst(hand, 'shared_account')
      const others = hand.page.locator('section', { hasText: '共用同一账户的其他人' })
      await hand.click(others.getByRole('link').first())
    },
  },
  {
    name: '6 审计：去世后仍发放，并看一笔的证据',
    lack: '没有 24 个月的发放流水；这里查当前名册',
    who: '孙审计',
    async act(hand) {
      await openFirst(hand, 'award_after_death')
      await hand.click(hand.page.locator('.reasons a').last())
      await hand.page.locator('#row').waitFor()
    },
  },
  {
    name: '7 接收最乱的一份表并退回',
    who: '赵数据',
    async act(hand, demo) {
      const { page } = hand
      const file = join(demo.dataDir, 'tray', '最乱的一份_公安人口库.xlsx')
      await hand.click(link(page, '部门数据'))
      await hand.choose(() => page.locator('input[type=file]').setInputFiles(file))
      await hand.choose(() => page.locator('select[name=supplier]').selectOption('police_register'))
      await hand.type(page.locator('input[name=as_of]'), '2026-06-01')
      await hand.click(button(page, '登记并检查'))
      await hand.wait(() => page.getByText('核对结果').waitFor({ timeout: 300_000 }))
      const arriving = page.waitForEvent('download')
      await hand.click(link(page, '下载退回件'))
      await hand.wait(() => arriving)
      await hand.click(button(page, '退回来源部门'))
      await page.getByText('已退回').first().waitFor()
    },
  },
  {
    name: '8 清单管理员加一个条件，看谁受影响',
    lack: '清单还不能在页面上改；这里看一项的各级对照和上一版的变动',
    who: '吴清单',
    async act(hand) {
      await hand.click(link(hand.page, '服务清单'))
      await hand.click(link(hand.page, '护理补贴'))
      await hand.page.locator('#levels').waitFor()
      await hand.click(link(hand.page, '服务清单'))
      await hand.click(link(hand.page, /和上一版比|标准的变动/))
    },
  },
  {
    name: '9 女儿用便宜手机看母亲能享受什么',
    lack: '授权、投诉还没有；这里查能不能享受（处理器慢 6 倍，网速 400 千比特每秒）',
    view: PHONE,
    slow: true,
    act: check,
  },
  {
    name: '10 视障或 85 岁老人：200% 看公开页，打印一页告知',
    lack: '告知由村里打印',
    who: '林巧云',
    view: { width: 683, height: 384 },
    async act(hand) {
      const { page } = hand
      await hand.wait(() => page.goto('/public'))
      await hand.press('Tab')
      await hand.press('Enter')
      await hand.wait(() => page.goto('/'))
      await openFirst(hand, 'unclaimed_entitlement')
      await hand.click(link(page, '打印一页告知'))
      await hand.wait(() => page.pdf({ format: 'A4' }))
    },
  },
]

/** A new clerk comes back to today's page to find a duty of the own desk. */
async function openFirstAgain(hand, kind) {
  await hand.click(link(hand.page.locator('nav:visible'), /今日待办/))
  await openFirst(hand, kind)
}

/** The questions of the open check, answered for a mother of 80 who lives alone. */
async function check(hand) {
  const { page } = hand
  await hand.wait(() => page.goto('/public'))
  await hand.click(page.getByRole('link', { name: '看看能不能享受' }).last())
  for (const [label, digits] of [['年', '1945'], ['月', '10'], ['日', '17']]) {
    await hand.type(page.getByLabel(label, { exact: true }), digits)
  }
  await hand.click(button(page, '下一问'))
  while ((await page.locator('input[name=ask]').count()) > 0) {
    await hand.click(page.locator('.pick').first())
    await hand.click(button(page, '下一问'))
  }
}

async function perform(browser, demo, task) {
  const viewport = task.view ?? DESK
  const page = await browser.newPage({ baseURL: demo.url, viewport, locale: 'zh-CN' })
  page.setDefaultTimeout(30_000)
  const hand = new Hand(page)
  try {
    if (task.slow) await slowDown(page)
    if (task.who) {
      await hand.wait(() => page.goto('/sign-in'))
      await hand.click(button(page, task.who))
      await hand.wait(() => button(page, '退出').waitFor())
    }
    await task.act(hand, demo)
    return hand.tally()
  } catch (error) {
    return { broken: error.message.split('\n')[0], at: page.url() }
  } finally {
    await page.close()
  }
}

/** A cheap telephone on a weak line. */
async function slowDown(page) {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 6 })
  const bytes = 400_000 / 8
  const line = { offline: false, latency: 400, downloadThroughput: bytes, uploadThroughput: bytes }
  await cdp.send('Network.emulateNetworkConditions', line)
}

function say(task, tally) {
  const cell = (value, width) => String(value).padStart(width)
  const { clicks, keys, letters, machine, hand, broken, at } = tally
  if (broken) console.log(`  没做成：${broken}（${at}）`)
  else {
    const counts = [clicks, keys, letters].map((value) => cell(value, 6))
    const seconds = [machine, hand].map((value) => cell(value, 8))
    console.log([...counts, ...seconds, `  ${task.name}`].join(''))
  }
  if (task.lack) console.log(`${' '.repeat(36)}还缺：${task.lack}`)
  return !broken
}

const demo = await startDemo({ preset, seconds: 900 })
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
const executablePath = process.env.SONGHE_CHROMIUM ?? '/usr/bin/chromium'
const browser = await chromium.launch({ executablePath, args })
console.log(`规模：${preset}。机器是实测秒数，手工是按键模型估计的秒数，不含阅读和通话。`)
console.log('  点击  按键  字数    机器    手工  任务')
let whole = true
try {
  for (const task of TASKS) {
    if (task.nothing) console.log(`${' '.repeat(35)} ${task.name}：${task.lack}`)
    else whole = say(task, await perform(browser, demo, task)) && whole
  }
} finally {
  await browser.close()
  await demo.stop()
}
process.exitCode = whole ? 0 : 1
