/**
 * @file Arrays as a file holds them, read one by one when they are needed, and the checks that all formats share: how
 * many arrays a layer has, their shapes and types when the model is opened, their values when they are read.
 */
import { appError } from '../../../core/errors.ts'
import { formatShape } from '../../../core/model/kinds/kind.ts'
import { type Network, elementCount, type SupportedLayer } from '../../../core/model/network.ts'
import type { OpenedModel } from './format.ts'

export interface StoredArray {
  /** The name in the file, for messages and to find it by. */
  readonly name: string
  readonly shape: readonly number[]
  /** The type that the file says: `float32`, `int8`. */
  readonly type: string
  /** Reads anew at each call; null if the type does not convert to float32 without a doubt. */
  floats(): Float32Array | null
}

/**
 * A model whose arrays are checked against the network now and read when they are asked for. `arrays` are by layer; those
 * of layers that share weights or are not computed are only counted. `file` is for messages. Throws `model/weight-…`.
 */
export function storedModel(
  file: string,
  network: Network,
  arrays: readonly (readonly StoredArray[])[],
  close: () => void,
): OpenedModel {
  const used = network.layers.map((layer, i) =>
    layer.op === null || layer.sharesWeightsOf !== undefined ? [] : checked(arrays[i]!, layer, file),
  )
  const shared = (i: number): boolean => {
    const layer = network.layers[i]!
    return layer.op !== null && layer.sharesWeightsOf !== undefined
  }
  return {
    network,
    parameters: arrays.map((list, i) =>
      shared(i) ? 0 : list.reduce((sum, array) => sum + elementCount(array.shape), 0),
    ),
    weights: (i) =>
      used[i]!.map((array, w) => readValues(array, network.layers[i] as SupportedLayer, w, file)),
    close,
  }
}

/** The arrays that the layer computes with. Throws if they are not those that its configuration says. */
function checked(
  arrays: readonly StoredArray[],
  layer: SupportedLayer,
  file: string,
): readonly StoredArray[] {
  const specs = layer.weights.filter(({ unread }) => !unread)
  if (arrays.length !== layer.weights.length && arrays.length !== specs.length)
    throw appError('model/weight-count', {
      file,
      layer: layer.name,
      expected: shapesOf(layer.weights),
      found: shapesOf(arrays),
    })
  for (const [w, { name, shape }] of specs.entries())
    if (formatShape(arrays[w]!.shape) !== formatShape(shape))
      throw appError('model/weight-shape', {
        file,
        layer: layer.name,
        weight: name,
        expected: formatShape(shape),
        found: formatShape(arrays[w]!.shape),
      })
  return arrays.slice(0, specs.length)
}

function shapesOf(arrays: readonly { readonly shape: readonly number[] }[]): string {
  return arrays.length === 0 ? 'none' : arrays.map(({ shape }) => formatShape(shape)).join(', ')
}

function readValues(array: StoredArray, layer: SupportedLayer, w: number, file: string): Float32Array {
  const { name, infinite } = layer.weights[w]!
  const where = { file, layer: layer.name, weight: name }
  const values = array.floats()
  if (!values) throw appError('model/weight-type', { ...where, type: array.type })
  // A sum is finite only if all terms are. It may overflow, but no network works with such numbers either.
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  if (infinite ? Number.isNaN(sum) : !Number.isFinite(sum)) throw appError('model/weight-not-finite', where)
  return values
}
