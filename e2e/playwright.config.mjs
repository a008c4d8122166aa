// The stories run in the distribution's Chromium; no browser is ever downloaded.
import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

const chromium = process.env.SONGHE_CHROMIUM ?? '/usr/bin/chromium'
if (!existsSync(chromium)) {
  throw new Error(`No Chromium at ${chromium}: install it, or name it in SONGHE_CHROMIUM.`)
}

const quiet = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
]
// Chromium's sandbox refuses to start as root.
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []

export default defineConfig({
  testDir: 'stories',
  testMatch: '*.story.mjs',
  outputDir: 'test-results',
  // Each worker has a server of its own; stories of one file share it, in their order.
  workers: 2,
  fullyParallel: false,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: { executablePath: chromium, args: [...quiet, ...sandbox] },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: { width: 1366, height: 768 },
    // What is not there does not come by waiting: the story says what it missed, at once.
    actionTimeout: 30_000,
    trace: 'retain-on-failure',
  },
})
