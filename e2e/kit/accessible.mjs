// axe on the page as it is now. What it finds is told in its own words, with the place.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { expect } from '@playwright/test'

const source = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Fails unless axe finds nothing; `within` narrows it to a part of the page. */
export async function expectAccessible(page, { within = 'body' } = {}) {
  // A page that is still coming has not said everything, and its context may go.
  await page.waitForLoadState('load')
  // Evaluated, not added as a script, so that the page's own content policy stays in force.
  await page.evaluate(await source)
  const found = await page.evaluate(
    async ([context, values]) => {
      const { violations } = await window.axe.run(context, { runOnly: { type: 'tag', values } })
      return violations.map(({ id, help, nodes }) => {
        const places = nodes.slice(0, 5).map((node) => node.target.join(' '))
        return `${id}: ${help}: ${places.join(' | ')}`
      })
    },
    [within, RULES],
  )
  expect(found, `axe on ${page.url()}`).toEqual([])
}
