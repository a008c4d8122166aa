// What every story begins with: `import { test, expect, … } from '../kit/index.mjs'`.
import { test as base } from '@playwright/test'
import { startDemo } from './server.mjs'

export { expect } from '@playwright/test'
export { expectAccessible } from './accessible.mjs'
export { screenshot } from './screenshot.mjs'
export { csv, hand, pensioners, rowsOf, tray } from './files.mjs'
export { enter, post, signIn, signOut } from './people.mjs'

/** A test with a demo of its worker's own, that fails when a page leaves it or throws. */
export const test = base.extend({
  demo: [
    async ({}, use) => {
      const demo = await startDemo()
      await use(demo)
      await demo.stop()
    },
    { scope: 'worker', timeout: 240_000 },
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
