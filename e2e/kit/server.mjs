// A songhe of our own: a fresh data folder, a free port, and nothing left behind.
import { spawn } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const target = resolve(root, process.env.CARGO_TARGET_DIR ?? 'target')

/** The program under test; SONGHE_PROGRAM names another build. */
export const program = process.env.SONGHE_PROGRAM ?? join(target, 'debug', 'songhe')

/**
 * Starts `songhe demo` and waits for the line with its address.
 * Gives its address, its data folder, what it has said so far, and how to stop it.
 */
export async function startDemo({ preset = 'town', seconds = 180 } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'songhe-e2e-'))
  // As root the database runs as somebody else, who has to get through to its folder.
  await chmod(folder, 0o711)
  const dataDir = join(folder, 'data')
  const port = String(await freePort())
  const words = ['demo', '--preset', preset, '--data-dir', dataDir, '--port', port]
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
    return { url, dataDir, output: () => said, stop }
  } catch (error) {
    await stop()
    throw error
  }
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
