// What every story begins with: `import { test, expect, … } from '../kit/index.mjs'`.
import { test as base } from '@playwright/test'
import { startDemo } from './server.mjs'

export { expect } from '@playwright/test'
export { expectAccessible } from './accessible.mjs'
export { paperShot, screenshot } from './screenshot.mjs'
export { applyFor, OTHER_REVIEWER, TOWN_WORKER, unpaid } from './cases.mjs'
export { csv, hand, pensioners, rowsOf, sheetRows, tray } from './files.mjs'
export { enter, nextDay, post, press, signIn, signOut, turnTo, visit } from './people.mjs'
export { playJune } from './server.mjs'

// A county takes its time, most of all when it has to be worked through to the closing first.
const patience = process.env.SONGHE_COUNTY_STORY ? 3_600_000 : 240_000

/** A test with a demo of its worker's own, that fails when a page leaves it or throws. */
export const test = base.extend({
  /** What the demo is like, see `startDemo`; a file that says it has a demo to itself. */
  demoOf: [{}, { option: true, scope: 'worker' }],

  demo: [
    async ({ demoOf }, use) => {
      const demo = await startDemo(demoOf)
      await use(demo)
      await demo.stop()
    },
    { scope: 'worker', timeout: patience },
  ],

  baseURL: async ({ demo }, use) => use(demo.url),

  page: async ({ page, demo }, use) => {
    const troubles = []
    page.on('pageerror', (error) => troubles.push(`the script threw: ${error.message}`))
    page.on('request', (request) => {
      const url = request.url()
      const isOurs = url.startsWith(demo.url) || /^(data|blob|about):/.test(url)
      if (!isOurs) troubles.push(`the page asked ${url}`)
    })
    page.on('response', (response) => {
      if (response.status() >= 500) troubles.push(`${response.status()} at ${response.url()}`)
    })
    await use(page)
    base.expect(troubles, 'pages stay at home and do not break').toEqual([])
  },
})
