/**
 * The main job in every browser that is here, on the production build: Firefox finds what Chromium finds, to the byte; WebKit, whose
 * WebAssembly has no relaxed SIMD and so rounds sums otherwise, finds the same patches, and the same numbers to 1e-5 of the largest.
 */
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { launchChromium, launchFirefox } from './chromiumAndFirefox.ts'
import type { Driven } from './driven.ts'
import { findFirefox, findWebKit } from './install.mjs'
import { doJob, type Job } from './job.ts'
import { jobFile } from './suites.mjs'
import { launchWebKit } from './webkit.ts'

/** Step × browser: in how many seconds it was done, and at the end what came of all. */
const table: Record<string, Record<string, string>> = {}

function note(row: string, { name }: Driven, text: string): void {
  table[row] = { ...table[row], [name]: text }
}

let inChromium: Job

/** `compare` says in words how alike it is to Chromium's, or throws. */
async function jobIn(launch: () => Promise<Driven>, compare: (job: Job) => string): Promise<Job> {
  const driven = await launch()
  note('version', driven, driven.version)
  try {
    const job = await doJob(driven, inject('url'), (step, seconds) => {
      note(step, driven, seconds === null ? 'failed' : `${seconds.toFixed(1)} s`)
    })
    note('result', driven, 'failed')
    expect(await driven.noise()).toEqual([])
    note('result', driven, compare(job))
    return job
  } finally {
    await driven.close()
  }
}

function expectClose(found: Job, expected: Job): void {
  const [one, other] = [found, expected].map(({ results }) => results.layers[0]!.channels)
  const largest = Math.max(...other!.flatMap(({ top }) => top.map(({ activation }) => activation)))
  const isOff = (a: number, b: number): boolean => Math.abs(a - b) > 1e-5 * largest
  expect(found.results.images).toEqual(expected.results.images)
  expect(one!.length).toBe(other!.length)
  for (const [i, { channel, dead, top }] of one!.entries()) {
    const wanted = other![i]!
    expect([channel, dead], `channel ${channel}`).toEqual([wanted.channel, wanted.dead])
    const activations = wanted.top.map(({ activation }) => activation)
    const places = top.map((patch, rank) => ({ ...patch, activation: activations[rank] }))
    expect(places, `channel ${channel}`).toEqual(wanted.top)
    expect(top.filter(({ activation }, rank) => isOff(activation, activations[rank]!))).toEqual([])
  }
  expect(JSON.parse(found.pictures.toString())).toMatchObject({ images: { skipped: [] } })
  expect(found.heat.length).toBe(expected.heat.length)
  expect(found.heat.filter((value, i) => isOff(value, expected.heat[i]!))).toEqual([])
}

function expectEqual(found: Job, expected: Job): void {
  expect(found.results).toEqual(expected.results)
  expect(found.json.equals(expected.json)).toBe(true)
  expect(JSON.parse(found.pictures.toString())).toEqual(JSON.parse(expected.pictures.toString()))
  expect(found.snapshot.equals(expected.snapshot)).toBe(true)
  expect(found.heat).toEqual(expected.heat)
  expect(found.facts).toBe(expected.facts)
}

beforeAll(async () => {
  inChromium = await jobIn(launchChromium, (job) => {
    expect(job.results.layers[0]!.channels).toHaveLength(64)
    expect(job.results.images).toMatchObject({ scanned: 640, skipped: [] })
    expect(JSON.parse(job.pictures.toString())).toMatchObject({ images: { skipped: [] } })
    // It was paused in the middle.
    expect(job.before).toBeLessThan(640)
    return 'as it has to be'
  })
})
afterAll(() => {
  writeFileSync(jobFile, JSON.stringify(table))
  console.table(table)
})

it.skipIf(!findFirefox())('Firefox does the main job as Chromium does', async () => {
  await jobIn(launchFirefox, (job) => {
    expectEqual(job, inChromium)
    return 'the same bytes'
  })
})

it.skipIf(!findWebKit())('WebKit does the main job as Chromium does', async () => {
  await jobIn(launchWebKit, (job) => {
    expectClose(job, inChromium)
    return 'the same patches'
  })
})
