/**
 * WebKit by the WebDriver of WebKitGTK (https://www.w3.org/TR/webdriver2/), on a display that nobody sees. The protocol is a few
 * requests, and the packages that speak it want Firefox' driver too, or a newer Node.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { type Driven, type OwnFolder, ownFolder, patience } from './driven.ts'
import { findWebKit } from './install.mjs'

/** The key under which the protocol hands elements over. */
const elementKey = 'element-6066-11e4-a52e-4f735466cecf'

interface Session {
  readonly sessionId: string
  readonly capabilities: { readonly browserVersion: string }
}

/** What came of a function in the page. */
type Outcome = { readonly value: unknown } | { readonly error: string }

export async function launchWebKit(): Promise<Driven> {
  const programs = findWebKit()!
  const own = ownFolder('WebKit')
  const { folder, downloads } = own
  const config = path.join(folder, 'config')
  mkdirSync(config)
  writeFileSync(path.join(config, 'user-dirs.dirs'), `XDG_DOWNLOAD_DIR="${downloads}"\n`)
  const started: ChildProcess[] = []
  const stop = async (): Promise<void> => {
    for (const child of started.toReversed()) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      child.kill()
      await once(child, 'exit')
    }
    own.remove()
  }
  try {
    const screen = ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp']
    const display = spawn(programs.display, screen, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
    started.push(display)
    const numbered = once(display.stdio[3] as Readable, 'data')
    const [number] = (await Promise.race([numbered, failed(display)])) as [Buffer]
    const port = await freePort()
    const program = spawn(programs.driver, [`--port=${port}`], {
      stdio: 'ignore',
      env: {
        ...process.env,
        DISPLAY: `:${number.toString().trim()}`,
        GDK_BACKEND: 'x11',
        MESA_SHADER_CACHE_DISABLE: 'true',
        HOME: folder,
        XDG_CONFIG_HOME: config,
        XDG_CACHE_HOME: path.join(folder, 'cache'),
        XDG_DATA_HOME: path.join(folder, 'data'),
      },
    })
    started.push(program)
    const driver = `http://127.0.0.1:${port}`
    await Promise.race([answers(`${driver}/status`), failed(program)])
    const { sessionId, capabilities } = (await call('POST', `${driver}/session`, {
      capabilities: { alwaysMatch: { timeouts: { script: patience, pageLoad: patience } } },
    })) as Session
    const session = `${driver}/session/${sessionId}`
    await call('POST', `${session}/window/rect`, { x: 0, y: 0, width: 1440, height: 900 })
    return driven(session, capabilities.browserVersion, own, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

function driven(session: string, version: string, own: OwnFolder, stop: () => Promise<void>): Driven {
  const post = (command: string, body: object): Promise<unknown> =>
    call('POST', `${session}/${command}`, body)
  const run = async (source: string, args: readonly unknown[]): Promise<unknown> => {
    const script = `const done = arguments[arguments.length - 1]
      Promise.resolve().then(() => (${source})(...[...arguments].slice(0, -1))).then(
        (value) => done({ value }),
        (error) => done({ error: String(error) }),
      )`
    const outcome = (await post('execute/async', { script, args })) as Outcome
    if ('error' in outcome) throw new Error(`WebKit: ${outcome.error}`)
    return outcome.value
  }
  const find = async (xpath: string): Promise<string> => {
    const element = await post('element', { using: 'xpath', value: xpath })
    return (element as Record<string, string>)[elementKey]!
  }
  /** The protocol does not tell of the console; what comes before the page has loaded is lost. */
  const listen = (): Promise<unknown> => run(String(listenToConsole), [])
  return {
    name: 'WebKit',
    version: `WebKitGTK ${version}`,
    own,
    noise: async () => (await run('() => window.noise', [])) as string[],
    async goto(url) {
      await post('url', { url })
      await listen()
    },
    async reload() {
      await post('refresh', {})
      await listen()
    },
    evaluate: async <R>(source: (...args: never) => R | Promise<R>, ...args: unknown[]) =>
      (await run(String(source), args)) as R,
    async click(xpath) {
      // The driver's own click finds parts of the panel not interactable that a person can click. A switch takes the click of its input.
      await run('(element) => (element.control ?? element).click()', [{ [elementKey]: await find(xpath) }])
    },
    async setFiles(xpath, files) {
      await post(`element/${await find(xpath)}/value`, { text: files.join('\n') })
    },
    async close() {
      await call('DELETE', session).catch(() => {})
      await stop()
    },
  }
}

declare global {
  interface Window {
    noise: string[]
  }
}

function listenToConsole(): void {
  window.noise = []
  for (const kind of ['log', 'info', 'warn', 'error'] as const)
    console[kind] = (...all) => window.noise.push(`${kind}: ${all.join(' ')}`)
  // Sizes that change while they are told of are told of in the next frame, and nothing is lost.
  const harmless = 'ResizeObserver loop completed with undelivered notifications.'
  addEventListener('error', ({ message }) => {
    if (message !== harmless) window.noise.push(`pageerror: ${message}`)
  })
  addEventListener('unhandledrejection', ({ reason }) => window.noise.push(`pageerror: ${String(reason)}`))
}

/** Rejects when a program ends. */
async function failed(program: ChildProcess): Promise<never> {
  const [code, signal] = (await once(program, 'exit')) as [number | null, string | null]
  throw new Error(`${program.spawnfile} has ended: ${code ?? signal}`)
}

async function call(method: string, url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, { method, body: body ? JSON.stringify(body) : null })
  const { value } = (await response.json()) as { value: unknown }
  if (!response.ok) throw new Error(`WebKit's driver: ${JSON.stringify(value)}`)
  return value
}

async function answers(url: string): Promise<void> {
  for (const end = Date.now() + patience; ; await wait(50))
    try {
      await fetch(url)
      return
    } catch (error) {
      if (Date.now() > end) throw error
    }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
