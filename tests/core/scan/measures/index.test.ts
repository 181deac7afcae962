import { describe, expect, it } from 'vitest'
import { LayerResult } from '../../../../src/core/scan/layerResult.ts'
import { Evidence } from '../../../../src/core/scan/measures/evidence.ts'
import { foundMeasures, measures } from '../../../../src/core/scan/measures/index.ts'
import { MeasuredLayer, noClass } from '../../../../src/core/scan/measures/measuredLayer.ts'
import { lowerEdge } from '../../../../src/core/scan/maximaHistogram.ts'
import { type Random, seeded } from '../../../fixtures/random.ts'
import { firstImages, scanned, summary } from '../../../fixtures/summaries.ts'

const images = 60
const units = 6
const k = 9
/** Every fifth image has no class. */
const classOf = Int32Array.from({ length: images }, (_, image) => (image % 5 === 4 ? -1 : image % 5))
const classes = { count: 4, of: classOf }

/** The kinds of channels of the test layer: a unit's activation, by the image and the unit. */
const kinds: Readonly<Record<string, (random: Random, image: number, unit: number) => number>> = {
  relu: (random) => Math.max(0, random.next() * 3 - 2),
  ofClass: (random, image) => (image % 5 === 2 ? 5 + random.next() : random.next()),
  onlyClass: (_, image) => (image % 5 === 1 ? 1 : 0),
  twoHumps: (random) => (random.next() < 0.1 ? 10 + random.next() : 1 + random.next() / 4),
  signed: (random) => random.next() * 2 - 1.9,
  negative: (random) => -1 - random.next(),
  dead: () => 0,
  deadNegative: () => -2,
  bounded: () => 1,
  copies: (_, image) => 1 + (image % 7) / 8,
  moved: (_, image, unit) => (unit === image % 3 ? 1 + (image % 7) / 8 : 0),
  nan: () => Number.NaN,
  infinite: (random, image) => (image === 3 ? Infinity : random.next()),
  tiny: (random) => random.next() * 1e-20,
  huge: (random) => random.next() * 3e38,
}
const names = Object.keys(kinds)

/** `[images][channels][units]`, float32. */
const maps: readonly (readonly (readonly number[])[])[] = (() => {
  const random = seeded(3)
  return Array.from({ length: images }, (_, image) =>
    names.map((name) =>
      Array.from({ length: units }, (__, unit) =>
        // All units of `bounded` are at the bound, but for one of one image, so that it is not dead.
        name === 'bounded' && image === 0 ? 0.5 : Math.fround(kinds[name]!(random, image, unit)),
      ),
    ),
  )
})()

const maxOf = (values: readonly number[]) =>
  Math.max(-Infinity, ...values.filter((value) => !Number.isNaN(value)))

function scan(): LayerResult {
  const result = new LayerResult(names.length, units, k, classes)
  const rows = maps.flat()
  const numbers = rows.map((row) => row.filter((value) => !Number.isNaN(value)))
  result.absorb(
    summary(names.length, rows.map(maxOf), {
      min: Float32Array.from(numbers, (row) => Math.min(Infinity, ...row)),
      position: Uint32Array.from(rows, (row) => Math.max(0, row.indexOf(maxOf(row)))),
      active: Uint32Array.from(rows, (row) => row.filter((value) => value > 0).length),
      nan: Uint8Array.from(rows, (row) => (row.some(Number.isNaN) ? 1 : 0)),
    }),
    firstImages(images),
  )
  return result
}

/** All measures of a channel in the slow and obvious way, from the activations of all units. */
function oracle(name: string): Record<string, number | null> {
  const channel = names.indexOf(name)
  const all = maps.map((map) => map[channel]!)
  const maxima = all.map(maxOf)
  const values = all.flat()
  const isDead = values.every((value) => value === values[0])
  const finite = maxima.filter(Number.isFinite)
  const top = isDead
    ? []
    : [...maxima.keys()]
        .filter((image) => maxima[image]! > -Infinity)
        .toSorted((a, b) => maxima[b]! - maxima[a]! || a - b)
        .slice(0, k)
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length

  const classMeans = [0, 1, 2, 3].flatMap((one) => {
    const own = maxima.filter((max, image) => classOf[image] === one && Number.isFinite(max))
    return own.length > 0 ? [mean(own)] : []
  })
  const best = Math.max(...classMeans)
  const others = mean(classMeans.toSorted((a, b) => a - b).slice(0, -1))
  const hasSelectivity =
    !isDead && classMeans.length > 1 && finite.every((max) => max > -(2 ** -24)) && best > 0

  // As the histogram has them: the middle of the bin, an eighth of a power of two wide.
  const binned = finite.map((max) => {
    if (Math.abs(max) < 2 ** -24) return 0
    const bin = Array.from({ length: 1300 }, (_, i) => i - 200).find(
      (i) => Math.abs(max) >= lowerEdge(i) && Math.abs(max) < lowerEdge(i + 1),
    )!
    return (Math.sign(max) * (lowerEdge(bin) + lowerEdge(bin + 1))) / 2
  })
  const hasShape = !isDead && new Set(binned).size > 1
  const n = binned.length
  const central = (power: number) => mean(binned.map((one) => (one - mean(binned)) ** power))
  const skew = central(3) / central(2) ** 1.5
  const sampleSkew = (skew * Math.sqrt(n * (n - 1))) / (n - 2)
  // The fourth cumulant of a sample, by its textbook formula.
  const sum = (power: number) => binned.reduce((total, one) => total + (one - mean(binned)) ** power, 0)
  const variance = sum(2) / (n - 1)
  const excess =
    ((n * (n + 1)) / ((n - 1) * (n - 2) * (n - 3))) * (sum(4) / variance ** 2) -
    (3 * (n - 1) ** 2) / ((n - 2) * (n - 3))
  const bimodal = (sampleSkew ** 2 + 1) / (excess + (3 * (n - 1) ** 2) / ((n - 2) * (n - 3)))

  const strengths = top.map((image) => maxima[image]!)
  const counts = [0, 1, 2, 3].map((one) => top.filter((image) => classOf[image] === one).length)
  const copies = top.filter((image, rank) =>
    top
      .slice(0, rank)
      .some(
        (other) =>
          maxima[other] === maxima[image] &&
          all[other]!.indexOf(maxima[other]!) === all[image]!.indexOf(maxima[image]!),
      ),
  ).length
  return {
    max: finite.length === 0 || maxOf(maxima) === Infinity ? null : maxOf(values),
    mean: finite.length === 0 ? null : mean(finite),
    fires: maxima.filter((max) => max > 0).length / images,
    units: values.filter((value) => value > 0).length / (images * units),
    choosy: hasSelectivity ? (best - others) / (best + others) : null,
    class: top.length === 0 || Math.max(...counts) === 0 ? null : Math.max(...counts) / top.length,
    skew: hasShape ? skew : null,
    bimodal: hasShape ? bimodal : null,
    spread:
      top.length > 1 && strengths[0]! > 0 && strengths[0]! < Infinity
        ? (strengths[0]! - strengths.at(-1)!) / strengths[0]!
        : null,
    alike: top.length > 1 ? copies / top.length : null,
    dead: isDead ? 1 : 0,
  }
}

const result = scan()

/** The maps of the test layer have one row, and so no borders: these are tested apart. */
const here = foundMeasures.filter(({ id }) => id !== 'border')

describe.each(here)('$label', ({ id, of, sentence }) => {
  it.each(names)('of the channel %s is what all activations say', (name) => {
    const expected = oracle(name)[id]
    const found = of(new Evidence(result, names.indexOf(name), k, classOf))
    expect(expected, 'the oracle knows it').not.toBeUndefined()
    if (expected === null || found === null) expect(found).toBe(expected)
    else expect(Math.abs(found - expected!)).toBeLessThanOrEqual(1e-9 * Math.max(1e-20, Math.abs(expected!)))
  })

  it('is known for some channels, and says in one sentence what it is', () => {
    expect(names.some((name) => oracle(name)[id] !== null)).toBe(true)
    expect(sentence).toMatch(/^[A-Z][^.]*(\d\.\d[^.]*|al\. [^.]*)*\.$/)
  })
})

it.each(measures.filter((one) => !foundMeasures.some(({ id }) => id === one.id)))(
  '$label, which is measured when it is asked for, says in one sentence what it is',
  ({ sentence, unit }) => {
    expect(sentence).toMatch(/^[A-Z][^.]*\.$/)
    expect(['ratio', 'loss']).toContain(unit)
  },
)

it('the oracle knows no measure that is not there', () => {
  expect(Object.keys(oracle('relu')).toSorted()).toEqual(here.map(({ id }) => id).toSorted())
})

describe('a measured layer', () => {
  it('has the same numbers however many channels are measured at a time', () => {
    const [atOnce, oneByOne] = [new MeasuredLayer(result, k, classOf), new MeasuredLayer(result, k, classOf)]
    atOnce.next(Infinity)
    for (let done = 0; !oneByOne.isDone; done++) {
      expect(oneByOne.done).toBe(done)
      oneByOne.next(1)
    }
    expect(atOnce.isDone).toBe(true)
    for (const { id } of foundMeasures) {
      expect(oneByOne.values(id)).toEqual(atOnce.values(id))
      expect([...atOnce.values(id)].map((value) => (Number.isNaN(value) ? null : value))).toEqual(
        names.map((_, channel) =>
          foundMeasures.find((one) => one.id === id)!.of(new Evidence(result, channel, k, classOf)),
        ),
      )
    }
    expect(atOnce.bestClass[names.indexOf('ofClass')]).toBe(2)
    expect(atOnce.topClass[names.indexOf('ofClass')]).toBe(2)
    expect(atOnce.bestClass[names.indexOf('dead')]).toBe(noClass)
    expect(() => atOnce.values('nonsense')).toThrow(RangeError)
  })

  it('has the values that are measured when they are asked for, as they come in', () => {
    const grey = new Float64Array(names.length).fill(Number.NaN)
    const layer = new MeasuredLayer(result, k, classOf, new Map([['grey', grey]]))
    layer.next(Infinity)
    expect(layer.values('grey').every(Number.isNaN)).toBe(true)
    grey[3] = 1.25
    expect(layer.values('grey')[3]).toBe(1.25)
    expect(layer.values('blurred').every(Number.isNaN)).toBe(true)
  })

  it('knows a channel of two humps by its bimodality', () => {
    const bimodal = (name: string) => oracle(name)['bimodal']!
    expect(bimodal('ofClass')).toBeGreaterThan(5 / 9)
    expect(bimodal('copies')).toBeLessThan(5 / 9 + 0.05)
  })
})

it('copies have no meaning where there is one unit', () => {
  const flat = scanned([[1], [1], [2]], 3)
  const { of } = foundMeasures.find(({ id }) => id === 'alike')!
  expect(of(new Evidence(flat, 0, 3, new Int32Array(3)))).toBe(null)
})
