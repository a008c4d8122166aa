// A songhe of our own: a fresh data folder, a free port, and nothing left behind.
import { execFile, spawn } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const target = resolve(root, process.env.CARGO_TARGET_DIR ?? 'target')

/** The program under test; SONGHE_PROGRAM names another build. */
export const program = process.env.SONGHE_PROGRAM ?? join(target, 'debug', 'songhe')

/**
 * Starts `songhe demo` and waits for the line with its address.
 * `june` says how far the month's work has come when it opens: nothing, `closing` (all that the
 * pay run rests on is done) or `sent` (the bank has its file).
 * Gives its address, its data folder, a `twin` of that folder as it was when a month in `closing`
 * was opened, what it has said so far, and how to stop it.
 */
export async function startDemo({ preset = 'town', june, seconds = 180 } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'songhe-e2e-'))
  // As root the database runs as somebody else, who has to get through to its folder.
  await chmod(folder, 0o711)
  const dataDir = join(folder, 'data')
  const twin = join(folder, 'twin')
  try {
    if (june) await playJune(dataDir, { preset, until: june === 'closing' ? june : undefined })
    // Not node's own copy: the database's files keep their owner.
    if (june === 'closing') await run('cp', ['-a', dataDir, twin])
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  const port = String(await freePort())
  const words = ['demo', '--preset', preset, '--data-dir', dataDir, '--port', port]
  if (june) words.push('--keep')
  const child = spawn(program, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })

  let said = ''
  const stop = async () => {
    await end(child)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const url = await new Promise((found, failed) => {
      const fail = (why) => failed(new Error(`songhe demo ${why}. It said:\n${said}`))
      const timer = setTimeout(() => fail(`gave no address in ${seconds} s`), seconds * 1000)
      const hear = (bytes) => {
        said += bytes
        const address = said.match(/http:\/\/127\.0\.0\.1:\d+/)
        if (address) {
          clearTimeout(timer)
          found(address[0])
        }
      }
      child.stdout.on('data', hear)
      child.stderr.on('data', hear)
      child.on('error', (error) => fail(`did not start: ${error.message}`))
      child.on('exit', (code, signal) => fail(`ended with ${code ?? signal}`))
    })
    return { url, dataDir, twin, output: () => said, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Plays June on a data folder, or on what is missing in it; gives the closing figures. */
export async function playJune(dataDir, { preset = 'town', until } = {}) {
  const words = ['play', 'june', '--preset', preset, '--data-dir', dataDir, '--json']
  if (until) words.push('--until', until)
  const { stdout } = await run(program, words, { cwd: root, maxBuffer: 1 << 24 })
  return until ? undefined : JSON.parse(stdout)
}

async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = new Promise((done) => child.once('exit', done))
  child.kill('SIGTERM')
  const impatient = setTimeout(() => child.kill('SIGKILL'), 20_000)
  await ended
  clearTimeout(impatient)
}

function freePort() {
  return new Promise((found, failed) => {
    const server = createServer()
    server.on('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => found(port))
    })
  })
}
