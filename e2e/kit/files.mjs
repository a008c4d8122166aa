// The departments' files: those of the demo's tray, and small ones that a story writes itself.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Registers a file as the data officer does; `file` is a name in the tray, or a written one. */
export async function hand(page, demo, file, supplier, asOf) {
  await page.goto('/files')
  const given = typeof file === 'string' ? join(demo.dataDir, 'tray', file) : file
  await page.locator('input[type=file]').setInputFiles(given)
  await page.locator('select[name=supplier]').selectOption(supplier)
  await page.locator('input[name=as_of]').fill(asOf)
  await page.getByRole('button', { name: '登记并检查' }).click()
}

/** A table as a CSV file of this name. */
export function csv(name, rows) {
  const text = rows.map((row) => row.join(',')).join('\r\n')
  return { name, mimeType: 'text/csv', buffer: Buffer.from(`\uFEFF${text}\r\n`) }
}

/** The rows of a CSV file in the tray, its headings first. */
export async function tray(demo, name) {
  const bytes = await readFile(join(demo.dataDir, 'tray', name))
  return rowsOf(bytes)
}

/** The rows of a CSV file, which is UTF-8 or GB18030. */
export function rowsOf(bytes) {
  const lines = decoded(bytes).split(/\r?\n/).filter(Boolean)
  return lines.map((line) => line.split(',').map((cell) => cell.replace(/^"(.*)"$/, '$1')))
}

function decoded(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

const PENSIONERS = '养老保险待遇领取人员_20260531.csv'

/** People of the town who draw a pension: `{ name, number }`, in the file's order. */
export async function pensioners(demo) {
  const [, ...rows] = await tray(demo, PENSIONERS)
  return rows
    .map(([name, number]) => ({ name, number }))
    .filter(({ number }) => /^99\d{15}[\dX]$/.test(number))
}
