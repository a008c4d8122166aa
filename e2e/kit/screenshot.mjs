// Pictures of a page as a clerk's screen and as a village worker's phone show it.
import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from '@playwright/test'

const here = resolve(dirname(fileURLToPath(import.meta.url)), '..')
// The committed pictures change only when somebody asks for new ones: `make screenshots`.
const folder = process.env.SONGHE_SCREENSHOTS
  ? resolve(here, '../docs/screenshots')
  : join(here, 'test-results/screenshots')

const SIZES = {
  desktop: { width: 1366, height: 768 },
  phone: { width: 360, height: 740 },
}

/** Takes NAME.desktop.png and NAME.phone.png; a page that has to be pushed sideways fails. */
export async function screenshot(page, name, { wholePage = false } = {}) {
  await mkdir(folder, { recursive: true })
  await page.waitForLoadState('load')
  const before = page.viewportSize()
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport)
    // Sticky headings lie over what they pass, wherever the page was left.
    if (wholePage) await page.evaluate(() => window.scrollTo(0, 0))
    const path = join(folder, `${name}.${size}.png`)
    await page.screenshot({ path, fullPage: wholePage, animations: 'disabled', caret: 'hide' })
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width, `${name} fits the width of a ${size}`).toBeLessThanOrEqual(viewport.width)
  }
  if (before) await page.setViewportSize(before)
}

/** Takes NAME.print.png of a page that prints: its first sheets as they lie on the desk. */
export async function paperShot(page, name) {
  await mkdir(folder, { recursive: true })
  const before = page.viewportSize()
  await page.setViewportSize({ width: 900, height: 1300 })
  await page.screenshot({ path: join(folder, `${name}.print.png`), animations: 'disabled' })
  if (before) await page.setViewportSize(before)
}
