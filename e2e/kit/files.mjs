// The departments' files: those of the demo's tray, and small ones that a story writes itself.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'

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

/** The rows of a workbook's first sheet. */
export function sheetRows(bytes) {
  const parts = unzipped(bytes)
  const text = (xml) => [...xml.matchAll(/<t[^>]*>([^<]*)<\/t>/g)].map(([, it]) => it).join('')
  const shared = [...(parts.get('xl/sharedStrings.xml') ?? '').matchAll(/<si>.*?<\/si>/gs)]
  const value = ([, attributes, inside]) => {
    const [, number = ''] = inside.match(/<v>([^<]*)<\/v>/) ?? []
    if (attributes.includes('t="s"')) return text(shared[Number(number)][0])
    return attributes.includes('t="inlineStr"') ? text(inside) : number
  }
  const rows = parts.get('xl/worksheets/sheet1.xml').matchAll(/<row[^>]*>(.*?)<\/row>/gs)
  return [...rows].map(([, row]) => [...row.matchAll(/<c([^>]*)>(.*?)<\/c>/gs)].map(value))
}

/** The parts of an archive, by its directory. */
function unzipped(bytes) {
  const parts = new Map()
  let at = bytes.readUInt32LE(bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1') + 16)
  while (bytes.readUInt32LE(at) === 0x02014b50) {
    const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field))
    const place = bytes.readUInt32LE(at + 42)
    const begin = place + 30 + bytes.readUInt16LE(place + 26) + bytes.readUInt16LE(place + 28)
    const packed = bytes.subarray(begin, begin + bytes.readUInt32LE(at + 20))
    const isPacked = bytes.readUInt16LE(at + 10) === 8
    const text = (isPacked ? inflateRawSync(packed) : packed).toString('utf8')
    parts.set(bytes.toString('utf8', at + 46, at + 46 + name), text)
    at += 46 + name + extra + comment
  }
  return parts
}

const PENSIONERS = '养老保险待遇领取人员_20260531.csv'

/** People of the town who draw a pension: `{ name, number }`, in the file's order. */
export async function pensioners(demo) {
  const [, ...rows] = await tray(demo, PENSIONERS)
  return rows
    .map(([name, number]) => ({ name, number }))
    .filter(({ number }) => /^99\d{15}[\dX]$/.test(number))
}
