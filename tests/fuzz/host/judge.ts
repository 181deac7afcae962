/** @file Has inputs judged in a thread, which is replaced when one hangs it, ends it or takes too much memory. */
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'vite'
import type { FuzzInput } from '../inputs/input.ts'
import type { Target } from '../oracles/index.ts'
import type { Verdict } from './verdict.ts'

const root = path.resolve(import.meta.dirname, '../../..')
/** Of the processor's time, as a busy machine gives a thread little of it; by the clock, for one that waits for ever. */
const [longestMs, longestWaitMs] = [5000, 300_000]
/** In JavaScript's heap, and in all of the process. */
const mostHeapMb = 1024
const mostBytes = 2 ** 30
const watchMs = 100

/** Builds the thread's script out of the sources; returns its address. */
export async function buildThread(): Promise<URL> {
  const outDir = path.join(root, `node_modules/.cache/fuzz/${process.pid}`)
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    // As the app has its packages; geotiff's own worker for Node would take this thread for one of its.
    ssr: { noExternal: true, resolve: { conditions: ['browser', 'module', 'import', 'default'] } },
    build: {
      ssr: path.join(import.meta.dirname, 'thread.ts'),
      outDir,
      target: 'node20',
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'thread.mjs' } },
    },
  })
  return pathToFileURL(path.join(outDir, 'thread.mjs'))
}

export class Judge {
  readonly #script: URL
  #thread: Promise<Worker> | null = null
  #before: Promise<unknown> = Promise.resolve()

  constructor(script: URL) {
    this.#script = script
  }

  /** One at a time: what is asked meanwhile waits. */
  judge(target: Target, input: FuzzInput): Promise<Verdict> {
    const verdict = this.#before.then(() => this.#twice(target, input))
    this.#before = verdict.catch(() => undefined)
    return verdict
  }

  /** A hang or an end counts if it happens again in a new thread: the machine may have been busy. */
  async #twice(target: Target, input: FuzzInput): Promise<Verdict> {
    const verdict = await this.#once(target, input)
    if (this.#thread !== null || verdict.isSpoiled) return verdict
    return this.#once(target, input)
  }

  async close(): Promise<void> {
    const thread = await this.#thread
    this.#thread = null
    await thread?.terminate()
  }

  async #once(target: Target, input: FuzzInput): Promise<Verdict> {
    this.#thread ??= started(this.#script)
    const thread = await this.#thread
    const before = process.memoryUsage.rss()
    const cpuBefore = process.cpuUsage()
    return new Promise((resolve) => {
      const settle = (verdict: Verdict): void => {
        if (verdict.isSpoiled) {
          this.#thread = null
          void thread.terminate()
        }
        clearTimeout(timeout)
        clearInterval(watch)
        thread.off('message', settle).off('error', onError).off('exit', onExit)
        resolve(verdict)
      }
      const fail = (failure: string): void => {
        settle({ opened: false, failure })
        this.#thread = null
        void thread.terminate()
      }
      const late = (): void => fail(`gives no answer within ${longestMs / 1000} s`)
      const timeout = setTimeout(late, longestWaitMs)
      const watch = setInterval(() => {
        const { user, system } = process.cpuUsage(cpuBefore)
        if (user + system > 1000 * longestMs) late()
        else if (process.memoryUsage.rss() - before > mostBytes) fail('takes more than 1 GB')
      }, watchMs)
      const onError = (error: Error): void => fail(`ends its thread: ${error.message}`)
      const onExit = (): void => fail('ends its thread')
      thread.on('message', settle).on('error', onError).on('exit', onExit)
      thread.postMessage({ target, input }, [])
    })
  }
}

function started(script: URL): Promise<Worker> {
  const thread = new Worker(script, {
    resourceLimits: { maxOldGenerationSizeMb: mostHeapMb },
    stdout: true,
    stderr: true,
  })
  return new Promise((resolve, reject) => {
    thread.once('message', () => resolve(thread))
    // This listener stays, so that the end of a thread that is not needed any more ends nothing else.
    thread.on('error', reject)
  })
}
