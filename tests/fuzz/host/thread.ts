/** @file The thread in which parsers run, so that one that hangs, or takes all memory, can be ended. It is built into one file. */
import { parentPort } from 'node:worker_threads'
import type { FuzzInput } from '../inputs/input.ts'
import { refusalProblem, Wrong } from '../oracles/check.ts'
import { oracles, type Target } from '../oracles/index.ts'
import { useMemoryFiles } from '../oracles/memoryFiles.ts'
import type { Verdict } from './verdict.ts'

useMemoryFiles()

async function verdictOn(target: Target, input: FuzzInput): Promise<Verdict> {
  try {
    await oracles[target](input)
    const changed = Object.keys(Object.prototype)
    return { opened: true, failure: changed.length > 0 ? `changes all objects: ${changed.join()}` : null }
  } catch (error) {
    const failure = error instanceof Wrong ? error.message : refusalProblem(error, namesOf(input))
    const isSpoiled = error instanceof Error && error.cause instanceof WebAssembly.RuntimeError
    return { opened: false, failure, ...(isSpoiled ? { isSpoiled } : {}) }
  }
}

/** As sentences name files. */
function namesOf(input: FuzzInput): string[] {
  return input.map(({ name }) => name.slice(name.lastIndexOf('/') + 1))
}

// Later rejections, which nobody waits for, and what is written to the console are failures of the input that is judged.
let stray: string | null = null
process.on('unhandledRejection', (error) => {
  stray = `rejects where nobody listens: ${String(error)}`
})

// The page's console stays empty, whatever is opened.
for (const method of ['debug', 'info', 'log', 'warn', 'error'] as const)
  console[method] = (...words: unknown[]) => {
    stray = `writes to the console: ${words.join(' ')}`
  }

/** The most that WebAssembly programs may grow for one input. HDF5 takes a refusal for an answer, so nothing is refused here. */
const mostGrown = 2 ** 30
let grown = 0
const { grow } = WebAssembly.Memory.prototype
WebAssembly.Memory.prototype.grow = function (pages) {
  grown += 65536 * pages
  if (grown > mostGrown) stray = 'makes a program take more than 1 GB'
  return grow.call(this, pages)
}

parentPort!.on('message', ({ target, input }: { target: Target; input: FuzzInput }) => {
  void verdictOn(target, input).then((verdict) => {
    parentPort!.postMessage(stray === null ? verdict : { ...verdict, failure: stray }, [])
    ;[stray, grown] = [null, 0]
  })
})
parentPort!.postMessage('ready', [])
