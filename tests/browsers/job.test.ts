/**
 * The main job in every browser that is here, on the production build: Firefox finds what Chromium finds, to the byte; WebKit, whose
 * WebAssembly has no relaxed SIMD and so rounds sums otherwise, finds the same patches, and the same numbers to 1e-5 of the largest.
 */
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { launchChromium, launchFirefox } from './chromiumAndFirefox.ts'
import type { Driven } from './driven.ts'
import { findFirefox, findWebKit } from './install.mjs'
import { doJob, type Job } from './job.ts'
import { launchWebKit } from './webkit.ts'

/** Browser × step: the seconds that it took, all with what came of it as in Chromium. */
const table: Record<string, Record<string, string>> = {}
let inChromium: Job

async function jobIn(launch: () => Promise<Driven>): Promise<Job> {
  const driven = await launch()
  const row: Record<string, string> = { version: driven.version }
  table[driven.name] = row
  try {
    const job = await doJob(driven, inject('url'), (step, seconds) => {
      row[step] = seconds === null ? 'failed' : `${seconds.toFixed(1)} s`
    })
    expect(await driven.noise()).toEqual([])
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

beforeAll(async () => {
  inChromium = await jobIn(launchChromium)
  expect(inChromium.results.layers[0]!.channels).toHaveLength(64)
  expect(inChromium.results.images).toMatchObject({ scanned: 640, skipped: [] })
  expect(JSON.parse(inChromium.pictures.toString())).toMatchObject({ images: { skipped: [] } })
  // It was paused in the middle.
  expect(inChromium.before).toBeLessThan(640)
})
afterAll(() => console.table(table))

const others = [
  ['Firefox', findFirefox(), launchFirefox],
  ['WebKit', findWebKit(), launchWebKit],
] as const

// WebKit takes a minute and its driver is less steady: `npm run test:long`.
it.each(others.filter(([name]) => name !== 'WebKit' || process.env['URPATCH_WEBKIT']))(
  '%s does the main job as Chromium does',
  async (name, found, launch) => {
    if (!found) {
      table[name] = { version: 'is not installed' }
      return
    }
    const job = await jobIn(launch)
    if (name === 'WebKit') {
      expectClose(job, inChromium)
      return
    }
    expect(job.results).toEqual(inChromium.results)
    expect(job.json.equals(inChromium.json)).toBe(true)
    expect(JSON.parse(job.pictures.toString())).toEqual(JSON.parse(inChromium.pictures.toString()))
    expect(job.snapshot.equals(inChromium.snapshot)).toBe(true)
    expect(job.heat).toEqual(inChromium.heat)
    expect(job.facts).toBe(inChromium.facts)
  },
)
