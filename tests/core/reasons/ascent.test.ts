/** Climbs of hills whose tops are known. */
import { describe, expect, it } from 'vitest'
import {
  ascend,
  type Ascent,
  ascentStart,
  type AscentState,
  isAscended,
  type Slope,
} from '../../../src/core/reasons/ascent.ts'
import { ascentSettings, stepsOf } from '../../../src/core/reasons/ascentWays.ts'
import { gaussians } from '../../../src/core/reasons/gaussians.ts'

const size = 60
const target = gaussians(size, 11)

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0)
const norm = (a: Float32Array): number => Math.sqrt(dot(a, a) / a.length)
const cosine = (a: Float32Array, b: Float32Array): number => dot(a, b) / (size * norm(a) * norm(b))

/** Rises along the target: highest on a sphere where it is met. */
const plane: Slope = (at) => Promise.resolve({ value: dot(at, target), gradient: target })

/** A bowl upside down, with its top at the target. */
const bowl: Slope = (at) =>
  Promise.resolve({
    value: -at.reduce((sum, x, i) => sum + (x - target[i]!) ** 2, 0),
    gradient: at.map((x, i) => 2 * (target[i]! - x)),
  })

const fromNothing: Ascent = { way: 'nothing', size, seed: 1, apart: [] }
const fromPatch: Ascent = { ...fromNothing, way: 'accentuate' }

const climbed = (ascent: Ascent, slope: Slope, steps = Infinity): Promise<AscentState> =>
  ascend(ascent, slope, ascentStart(ascent), steps)

describe('from nothing', () => {
  it('comes to the top of a plane, with the norm that is to be', async () => {
    const { best, bestScore } = await climbed(fromNothing, plane)
    expect(norm(best)).toBeCloseTo(ascentSettings.nothing.norm, 5)
    expect(cosine(best, target)).toBeGreaterThan(0.999)
    expect(bestScore).toBeCloseTo(dot(best, target), 4)
  })

  it('goes on from the best of its starts', async () => {
    // Two hills; the small one draws those that begin on its side.
    const wanted: Slope = (at) => {
      const side = at[0]! > 0 ? 1 : -0.5
      return Promise.resolve({
        value: Math.abs(at[0]!) * (at[0]! > 0 ? 1 : 0.5),
        gradient: at.map((_, i) => (i === 0 ? side : 0)),
      })
    }
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const ascent = { ...fromNothing, seed }
      const { starts, trialSteps } = ascentSettings.nothing
      const sides = []
      for (let start = 0; start < starts; start++) {
        const { coefficients } = await climbed(ascent, wanted, start * trialSteps + 1)
        sides.push(coefficients[0]! > 0)
      }
      const { best } = await climbed(ascent, wanted)
      expect(best[0]! > 0).toBe(sides.includes(true))
    }
  })

  it('stays away from what it must not be like, if there is another way up', async () => {
    // It rises along the target on both sides.
    const valley: Slope = (at) => {
      const side = Math.sign(dot(at, target))
      return Promise.resolve({ value: Math.abs(dot(at, target)), gradient: target.map((x) => side * x) })
    }
    const alone = await climbed(fromNothing, valley)
    const again = await climbed({ ...fromNothing, apart: [alone.best] }, valley)
    expect(cosine(again.best, alone.best)).toBeLessThan(-0.99)
    expect(again.bestScore).toBeCloseTo(alone.bestScore, 3)
  })

  it('is pushed away on the way', async () => {
    const alone = await climbed(fromNothing, plane)
    const apart = { ...fromNothing, apart: [alone.best] }
    const [free, pushed] = [await climbed(fromNothing, plane, 15), await climbed(apart, plane, 15)]
    expect(cosine(free.coefficients, target)).toBeGreaterThan(0.5)
    expect(cosine(pushed.coefficients, target)).toBeLessThan(0.95 * cosine(free.coefficients, target))
  })
})

describe('from a patch', () => {
  it('begins with nothing added, and adds no more than it may', async () => {
    const seen: number[] = []
    const { best } = await climbed(fromPatch, async (at) => {
      seen.push(norm(at))
      return plane(at)
    })
    expect(seen[0]).toBe(0)
    expect(Math.max(...seen)).toBeLessThan(ascentSettings.accentuate.norm * 1.0001)
    expect(cosine(best, target)).toBeGreaterThan(0.999)
  })

  it('keeps the highest place, also one that is passed', async () => {
    const near: Slope = (at) => bowl(at.map((x) => x * 8))
    const seen: number[] = []
    const { bestScore, best } = await climbed(fromPatch, async (at) => {
      const found = await near(at)
      seen.push(found.value)
      return found
    })
    expect(bestScore).toBe(Math.max(...seen))
    expect((await near(best)).value).toBe(bestScore)
  })

  it('finds a way where there is no slope at first', async () => {
    const step: Slope = (at) =>
      Promise.resolve(
        norm(at) < 0.15
          ? { value: 0, gradient: new Float32Array(size) }
          : { value: dot(at, target), gradient: target },
      )
    const { bestScore } = await climbed(fromPatch, step)
    expect(bestScore).toBeGreaterThan(0)
  })

  it('leaves NaN out', async () => {
    const broken: Slope = (at) => Promise.resolve({ value: Number.NaN, gradient: at.map(() => Number.NaN) })
    const { bestScore, best, coefficients } = await climbed(fromPatch, broken)
    expect(bestScore).toBe(-Infinity)
    expect(norm(best)).toBe(0)
    expect(coefficients.every(Number.isFinite)).toBe(true)
  })
})

describe.each([fromPatch, fromNothing])('$way', (ascent) => {
  it('has the same bits however its steps are shared out, and others for another seed', async () => {
    const whole = await climbed(ascent, bowl)
    let parts: AscentState = ascentStart(ascent)
    for (const steps of [1, 2, 14, 5, Infinity])
      parts = await ascend(ascent, bowl, structuredClone(parts), steps)
    expect(isAscended(ascent, parts)).toBe(true)
    expect(parts.step).toBe(stepsOf(ascentSettings[ascent.way]))
    expect(parts.best).toEqual(whole.best)
    expect(parts.coefficients).toEqual(whole.coefficients)
    if (ascent.way === 'accentuate') return
    expect((await climbed({ ...ascent, seed: 2 }, bowl)).best).not.toEqual(whole.best)
  })

  it('changes nothing any more at its end', async () => {
    const end = await climbed(ascent, bowl)
    expect(await ascend(ascent, bowl, end, 5)).toEqual(end)
  })
})
