/** @file Whether two backends compute the same: what one image does to every layer, compared layer by layer. */
import type { BackendName } from '../backendNames.ts'
import { foldedSteps } from '../model/folding/steps.ts'
import type { Layer, Network } from '../model/network.ts'
import { whyNotScannable } from '../model/scannable.ts'

/**
 * `all`: every layer that can be scanned, so each is computed on its own. `ends`: those of them that are computed even if
 * only the outputs are asked for, while the others are folded into those before or behind them.
 */
export type ProbeTaps = 'all' | 'ends'

/** The indices of the layers that a probe reads. */
export function probedLayers(network: Network, taps: ProbeTaps): number[] {
  const { layers } = network
  const isScannable = (layer: number): boolean => whyNotScannable(layers[layer]!) === null
  if (taps === 'all') return [...layers.keys()].filter(isScannable)
  const isComputed = ({ op }: Layer): boolean => op !== null
  const read = new Set(layers.filter(isComputed).flatMap(({ inputs }) => inputs))
  const outputs = [...layers.keys()].filter((layer) => isComputed(layers[layer]!) && !read.has(layer))
  return foldedSteps(network, outputs)
    .map(({ layer }) => layer)
    .filter(isScannable)
    .toSorted((a, b) => a - b)
}

/** A layer's largest and smallest activation by channel, `[C]`. */
export interface Extremes {
  /** Index into the network's layers. */
  readonly layer: number
  readonly max: Float32Array
  readonly min: Float32Array
}

export interface Comparison {
  /** The largest difference in any layer, relative to the layer's largest absolute activation. */
  readonly error: number
  /** The first layer beyond the tolerance, and its error; null if all are within. */
  readonly first: { readonly layer: number; readonly error: number } | null
}

/**
 * How far apart a layer may be on a backend and in the reference, relative to its largest absolute activation. Our kernels on
 * WASM add in another order: that makes some 1e-6 in one layer and, measured, 7e-6 at most after all layers of nineteen
 * trained networks, and 9e-5 in networks of `keras.applications` with random weights. On graphics cards 1e-4 after hundreds
 * of layers is usual; half floats, of 11 bits, differ by 5e-4 in a single number and by 1e-2 after some layers. Top patches
 * of images that lie closer than the error may change places.
 */
const tolerances: Readonly<Record<BackendName, number>> = { wasm: 5e-4, webgl: 1e-3, webgpu: 1e-3 }

export function toleranceOf(backend: BackendName): number {
  return tolerances[backend]
}

/**
 * Compares what was found in some layers with a reference for these and perhaps for others, both in the network's order.
 */
export function compareExtremes(
  found: readonly Extremes[],
  reference: readonly Extremes[],
  tolerance: number,
): Comparison {
  const references = new Map(reference.map((one) => [one.layer, one]))
  let error = 0
  let first: Comparison['first'] = null
  for (const { layer, max, min } of found) {
    const expected = references.get(layer)
    if (!expected) throw new RangeError(`layer ${layer} is compared with nothing`)
    const scale = largest(expected.max, expected.min)
    const ofLayer = Math.max(difference(max, expected.max), difference(min, expected.min)) / scale
    error = Math.max(error, ofLayer)
    if (ofLayer > tolerance) first ??= { layer, error: ofLayer }
  }
  return { error, first }
}

/** The largest absolute activation; 1 for a layer of zeros. */
function largest(...arrays: readonly Float32Array[]): number {
  let result = 0
  for (const array of arrays)
    for (const value of array) if (Number.isFinite(value)) result = Math.max(result, Math.abs(value))
  return result || 1
}

/** The largest difference; infinite if a number that is not finite is another one on the other side. */
function difference(found: Float32Array, reference: Float32Array): number {
  let result = 0
  for (let c = 0; c < reference.length; c++) {
    const [one, other] = [found[c]!, reference[c]!]
    if (Object.is(one, other)) continue
    const apart = Math.abs(one - other)
    result = Math.max(result, Number.isNaN(apart) ? Infinity : apart)
  }
  return result
}
