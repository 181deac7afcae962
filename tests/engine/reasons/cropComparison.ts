/** Runs crops of units beside the whole network, and compares what both give. */
import * as tf from '@tensorflow/tfjs'
import type { Pair, SupportedLayer } from '../../../src/core/model/network.ts'
import { mapSize } from '../../../src/core/model/units.ts'
import type { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { unitCrop } from '../../../src/engine/reasons/unitCrop.ts'

export interface Compared {
  /** The largest difference of a channel, in parts of the layer's largest value. */
  readonly worst: number
  readonly at: string
  readonly units: number
  /** Units whose crop is smaller than the image. */
  readonly cut: number
}

/** The corners, the middle, and one in the middle of each border. */
export function cornersBordersMiddle([rows, columns]: Pair): Pair[] {
  const along = (length: number): number[] => [...new Set([0, Math.floor(length / 2), length - 1])]
  return along(rows).flatMap((row) => along(columns).map((column): Pair => [row, column]))
}

/** `unitsFor` says which units of a map of that size are compared. */
export function compareCrops(
  whole: TapNetwork,
  image: tf.Tensor4D,
  layers: readonly number[],
  unitsFor: (size: Pair) => readonly Pair[],
): Compared {
  const { network } = whole
  const outputs = new Map<number, Float32Array>()
  whole.run(image, new Set(layers), (layer, output) => {
    outputs.set(layer, Float32Array.from(output.dataSync()))
  })
  let [worst, at, units, cut] = [0, '', 0, 0]
  for (const layer of layers) {
    const { shape, name } = network.layers[layer] as SupportedLayer
    const all = outputs.get(layer)!
    const largest = all.reduce(
      (most, value) => (value === value ? Math.max(most, Math.abs(value)) : most),
      1e-30,
    )
    const columns = mapSize(shape)[1]
    const perUnit = shape.length === 3 ? shape[2]! : all.length
    for (const unit of unitsFor(mapSize(shape))) {
      const found = cropOutput(whole, image, layer, unit)
      const start = shape.length === 3 ? (unit[0] * columns + unit[1]) * perUnit : 0
      units++
      if (found.isCut) cut++
      for (let c = 0; c < perUnit; c++) {
        const [a, b] = [all[start + c]!, found.values[c]!]
        const difference = Object.is(a, b) ? 0 : Math.abs(a - b) / largest
        if (!(difference <= worst))
          [worst, at] = [difference, `${name} ${String(unit)} channel ${c}: ${a} ≠ ${b}`]
      }
    }
  }
  return { worst, at, units, cut }
}

function cropOutput(
  whole: TapNetwork,
  image: tf.Tensor4D,
  layer: number,
  unit: Pair,
): { readonly values: Float32Array; readonly isCut: boolean } {
  const before = tf.memory().numTensors
  const crop = unitCrop(whole, layer, unit)
  const [top, left, bottom, right] = crop.box
  const [batch, height, width, channels] = image.shape
  const part = tf.slice(image, [0, top, left, 0], [batch, bottom - top, right - left, channels])
  let values = new Float32Array()
  crop.taps.run(part, new Set([crop.layer]), (_, output) => {
    const { shape } = crop.network.layers[crop.layer] as SupportedLayer
    if (String([batch, ...shape]) !== String(output.shape))
      throw new Error(`${String(output.shape)} rather than ${String(shape)}`)
    const [columns, perUnit] = [mapSize(shape)[1], shape.length === 3 ? shape[2]! : output.size]
    const start = shape.length === 3 ? (crop.unit[0] * columns + crop.unit[1]) * perUnit : 0
    values = Float32Array.from(output.dataSync()).slice(start, start + perUnit)
  })
  part.dispose()
  crop.taps.dispose()
  if (tf.memory().numTensors !== before) throw new Error('tensors are left')
  return { values, isCut: (bottom - top) * (right - left) < height * width }
}
