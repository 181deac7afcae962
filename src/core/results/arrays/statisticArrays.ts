/** @file Statistics of a layer's channels as arrays. Names are the results file's keys, as Python writes them. */
import type { FoundEntry } from '../../scan/foundEntry.ts'
import { binAt, placeOfBin } from '../../scan/maximaHistogram.ts'
import { topOfClasses } from '../../scan/classShares.ts'
import { activity } from '../../scan/statistics/activity.ts'
import { classMeans } from '../../scan/statistics/classMeans.ts'
import { histogram } from '../../scan/statistics/histogram.ts'
import { lowest } from '../../scan/statistics/lowest.ts'
import { maxima } from '../../scan/statistics/maxima.ts'
import { quantiles } from '../../scan/statistics/quantiles.ts'
import type { ReadableResult } from '../../scan/statistics/statistic.ts'
import { where } from '../../scan/statistics/where.ts'
import type { NamedArray } from './npy.ts'
import { missing, PatchArrays, type PlacedPatch } from './patchArrays.ts'

/** What is needed of a layer, and of what is around it. */
export interface ShownLayer {
  readonly result: ReadableResult
  readonly k: number
  /** The number of classes, by `classNumber`. */
  readonly classes: number
  /** The class of each image that is open, by its number. */
  readonly classOf: ArrayLike<number>
  /** The number in the arrays, by that on the page. */
  classNumber(number: number): number
  /** Patches with the numbers that images have in the arrays. */
  patchesAt(entries: readonly FoundEntry[]): readonly PlacedPatch[]
}

/** Takes in the channels of a layer one by one; has no arrays if it is not known of any channel. */
interface Gathering {
  add(channel: number): void
  arrays(): readonly NamedArray[]
}

export const gatherings: readonly ((layer: ShownLayer) => Gathering)[] = [
  ofLowest,
  ofQuantiles,
  ofMaxima,
  ofActivity,
  ofHistogram,
  ofWhere,
  ofClasses,
]

function ofLowest({ result, k, patchesAt }: ShownLayer): Gathering {
  const patches = new PatchArrays([k], result.channels)
  let isKnown = false
  return {
    add(channel) {
      const entries = result.of(lowest, channel) ?? []
      for (const [rank, patch] of patchesAt(entries.slice(0, k)).entries()) patches.set(rank, channel, patch)
      isKnown ||= entries.length > 0
    },
    arrays: () => (isKnown ? patches.arrays('lowest_') : []),
  }
}

/** As many groups as there are, and patches of each. */
const groups = 10
const ofGroup = 2

function ofQuantiles({ result, patchesAt }: ShownLayer): Gathering {
  const { channels } = result
  const patches = new PatchArrays([groups, ofGroup], channels)
  const [from, to] = [floats(groups * channels), floats(groups * channels)]
  let isKnown = false
  return {
    add(channel) {
      for (const [group, found] of (result.of(quantiles, channel) ?? []).entries()) {
        isKnown = true
        from[group * channels + channel] = found.from
        to[group * channels + channel] = found.to
        for (const [i, patch] of patchesAt(found.samples).entries())
          patches.set(group * ofGroup + i, channel, patch)
      }
    },
    arrays: () =>
      isKnown
        ? [
            { name: 'quantiles_from', shape: [groups, channels], data: Float32Array.from(from) },
            { name: 'quantiles_to', shape: [groups, channels], data: Float32Array.from(to) },
            ...patches.arrays('quantiles_'),
          ]
        : [],
  }
}

function ofMaxima({ result }: ShownLayer): Gathering {
  const shape = [result.channels]
  const images = wholes(result.channels)
  const infinite = wholes(result.channels)
  const [mean, standardDeviation] = [floats(result.channels), floats(result.channels)]
  let isKnown = false
  return {
    add(channel) {
      const found = result.of(maxima, channel)
      if (!found) return
      isKnown = true
      images[channel] = BigInt(found.images)
      infinite[channel] = BigInt(result.of(histogram, channel)?.infinite ?? 0)
      mean[channel] = found.mean ?? Number.NaN
      standardDeviation[channel] = found.standardDeviation ?? Number.NaN
    },
    arrays: () =>
      isKnown
        ? [
            { name: 'images', shape, data: images },
            { name: 'infinite', shape, data: infinite },
            { name: 'mean', shape, data: mean },
            { name: 'standard_deviation', shape, data: standardDeviation },
          ]
        : [],
  }
}

function ofActivity({ result }: ShownLayer): Gathering {
  const shape = [result.channels]
  const [images, units] = [wholes(result.channels), wholes(result.channels)]
  let isKnown = false
  return {
    add(channel) {
      const found = result.of(activity, channel)
      if (!found) return
      isKnown = true
      images[channel] = BigInt(found.activeImages)
      units[channel] = BigInt(found.activeUnits)
    },
    arrays: () =>
      isKnown
        ? [
            { name: 'active_images', shape, data: images },
            { name: 'active_units', shape, data: units },
          ]
        : [],
  }
}

/** All bins from the lowest to the highest that any channel of the layer has, so that channels share their edges. */
function ofHistogram({ result }: ShownLayer): Gathering {
  const { channels } = result
  const found: { readonly place: number; readonly channel: number; readonly count: number }[] = []
  return {
    add(channel) {
      for (const bin of result.of(histogram, channel)?.bins ?? [])
        found.push({ place: placeOfBin(bin), channel, count: bin.count })
    },
    arrays() {
      if (found.length === 0) return []
      const lowestPlace = found.reduce((least, { place }) => Math.min(least, place), Infinity)
      const bins = found.reduce((most, { place }) => Math.max(most, place), -Infinity) - lowestPlace + 1
      const counts = new Int32Array(bins * channels)
      for (const { place, channel, count } of found)
        counts[(place - lowestPlace) * channels + channel] = count
      const edges = Float64Array.from({ length: bins + 1 }, (_, i) =>
        i < bins ? binAt(lowestPlace + i).from : binAt(lowestPlace + i - 1).to,
      )
      return [
        { name: 'histogram', shape: [bins, channels], data: counts },
        { name: 'histogram_edges', shape: [bins + 1], data: edges },
      ]
    },
  }
}

function ofWhere({ result }: ShownLayer): Gathering {
  const { channels } = result
  let grid: readonly [number, number] = [0, 0]
  let counts: Int32Array | null = null
  return {
    add(channel) {
      const found = result.of(where, channel)
      if (!found) return
      grid = found.grid
      counts ??= new Int32Array(grid[0] * grid[1] * channels)
      for (const [cell, count] of found.counts.entries()) counts[cell * channels + channel] = count
    },
    arrays: () => (counts ? [{ name: 'where', shape: [...grid, channels], data: counts }] : []),
  }
}

function ofClasses({ result, k, classes, classOf, classNumber }: ShownLayer): Gathering {
  const { channels } = result
  const shape = [classes, channels]
  const mean = floats(classes * channels)
  const images = wholes(classes * channels)
  const top = new Int32Array(classes * channels).fill(missing)
  let isKnown = false
  return {
    add(channel) {
      const found = result.isDead(channel) ? null : result.of(classMeans, channel)
      if (!found || found.length === 0) return
      isKnown = true
      const inTop = topOfClasses(result, channel, k, classOf)
      for (const one of found) {
        const at = classNumber(one.classNumber) * channels + channel
        mean[at] = one.mean
        images[at] = BigInt(one.images)
        top[at] = inTop.get(one.classNumber) ?? 0
      }
    },
    arrays: () =>
      isKnown
        ? [
            { name: 'classes_images', shape, data: images },
            { name: 'classes_mean', shape, data: mean },
            { name: 'classes_top', shape, data: top },
          ]
        : [],
  }
}

function floats(length: number): Float64Array {
  return new Float64Array(length).fill(Number.NaN)
}

function wholes(length: number): BigInt64Array {
  return new BigInt64Array(length).fill(BigInt(missing))
}
