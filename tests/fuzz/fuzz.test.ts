/** @file Gives every parser files that somebody has damaged, or made up, and sees that each opens rightly or says why not. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildThread, Judge } from './host/judge.ts'
import type { FuzzInput } from './inputs/input.ts'
import { sizeOf } from './inputs/input.ts'
import { makeInputs } from './inputs/index.ts'
import { oracles, type Target } from './oracles/index.ts'

const targets = Object.keys(oracles) as Target[]
/** Of all targets together. */
const runs = Number(process.env['URPATCH_FUZZ'] ?? 5000)
const seed = Number(process.env['URPATCH_FUZZ_SEED'] ?? 1)
const perTarget = Math.ceil(runs / targets.length)

/** Any text is an index file, or an address. */
const openAll: readonly Target[] = ['index', 'address']

const kept = path.resolve(import.meta.dirname, '../fixtures/fuzz/kept')
const found = path.resolve(import.meta.dirname, '../../node_modules/.cache/fuzz/found')

let judge: Judge
beforeAll(async () => {
  judge = new Judge(await buildThread())
}, 300_000)
afterAll(() => judge.close())

/** A failure that says the same of another place, name or number is the same one. */
function kindOf(failure: string): string {
  return failure.replaceAll(/"[^"]*"|\[[^\]]*\]|[-\d.,e+]+/g, '…').slice(0, 160)
}

interface Failure {
  readonly failure: string
  readonly input: FuzzInput
  /** The number of the run. */
  readonly run: number
}

/** The failures of each kind with the smallest input, and how many inputs were opened. */
async function campaign(
  target: Target,
  inputs: fc.Arbitrary<FuzzInput>,
): Promise<{ failures: Map<string, Failure>; opened: number; slowest: number }> {
  const failures = new Map<string, Failure>()
  let [run, opened, slowest] = [0, 0, 0]
  await fc.assert(
    fc.asyncProperty(inputs, async (input) => {
      const begun = performance.now()
      const verdict = await judge.judge(target, input)
      slowest = Math.max(slowest, performance.now() - begun)
      if (verdict.opened) opened++
      if (verdict.failure !== null) {
        const kind = kindOf(verdict.failure)
        const before = failures.get(kind)
        if (!before || sizeOf(input) < sizeOf(before.input))
          failures.set(kind, { failure: verdict.failure, input, run })
      }
      run++
    }),
    { seed, numRuns: perTarget },
  )
  return { failures, opened, slowest }
}

/** The simplest input that fails in the same way. */
async function shrunk(
  target: Target,
  inputs: fc.Arbitrary<FuzzInput>,
  { failure, run, input }: Failure,
): Promise<FuzzInput> {
  let smallest = input
  await fc.check(
    fc.asyncProperty(inputs, async (tried) => {
      const verdict = await judge.judge(target, tried)
      const isSame = verdict.failure !== null && kindOf(verdict.failure) === kindOf(failure)
      if (isSame) smallest = tried
      return !isSame
    }),
    { seed, path: String(run), numRuns: 1, interruptAfterTimeLimit: 20_000 },
  )
  return smallest
}

function folderName(target: Target): string {
  return target.replaceAll(' ', '-')
}

/** Writes the files, to be kept as a test once the failure is mended. */
function save(target: Target, kind: number, input: FuzzInput): string {
  const folder = path.join(found, folderName(target), String(kind))
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const { name, bytes } of input) writeFileSync(path.join(folder, path.basename(name)), bytes)
  return folder
}

describe.sequential(`fuzzed with seed ${seed}`, () => {
  it.each(targets)(
    `%s`,
    async (target) => {
      const inputs = (await makeInputs())[target]
      const { failures, opened, slowest } = await campaign(target, inputs)
      const told: string[] = []
      for (const [i, one] of [...failures.values()].entries()) {
        const folder = save(target, i, await shrunk(target, inputs, one))
        told.push(`${one.failure} (${folder})`)
      }
      const words = [`${perTarget} inputs`, `${opened} opened`, `${perTarget - opened} refused`]
      console.log(`${target}: ${words.join(', ')}, at most ${Math.round(slowest)} ms each`)
      expect(told).toEqual([])
      // A target that opens all, or nothing, shows nothing.
      expect(opened).toBeGreaterThan(0)
      if (!openAll.includes(target)) expect(opened).toBeLessThan(perTarget)
    },
    3_600_000,
  )
})

/** What has failed once, as small as it could be made: a folder of files for each. */
const keptInputs = targets.flatMap((target) => {
  const folder = path.join(kept, folderName(target))
  if (!existsSync(folder)) return []
  return readdirSync(folder).map((name) => ({ target, name, folder: path.join(folder, name) }))
})

describe('what has failed once', () => {
  it.each(keptInputs)('$target: $name', async ({ target, folder }) => {
    const input = readdirSync(folder).map((name) => ({
      name,
      bytes: new Uint8Array(readFileSync(path.join(folder, name))),
    }))
    expect(await judge.judge(target, input)).toMatchObject({ failure: null })
  })

  it('is there', () => expect(keptInputs.length).toBeGreaterThan(25))
})
