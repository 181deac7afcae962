/**
 * Opens models as the engine does. Of every layer that is a sum of products, units are taken apart; of every layer that only moves
 * numbers, some are looked for where they come from.
 */
import * as tf from '@tensorflow/tfjs'
import type { Network, SupportedLayer } from '../../../src/core/model/network.ts'
import { contributionsOf, productsOf, sumTolerance } from '../../../src/core/reasons/contributions.ts'
import { layersToRead } from '../../../src/core/reasons/fedBy.ts'
import { inputShapes, linearPartOf } from '../../../src/core/reasons/lineage.ts'
import { originOf } from '../../../src/core/reasons/moves.ts'
import { wayOf } from '../../../src/core/reasons/ways.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { withoutWinograd } from '../../../src/engine/backend/kernels/convolution/choice.ts'
import type { ModelFile } from '../../../src/engine/model/formats/modelFiles.ts'
import { findModel } from '../../../src/engine/model/openModel.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { weightsRead } from '../../../src/engine/reasons/circuits.ts'
import { replayed } from '../../../src/engine/reasons/replay.ts'
import { expose } from '../../../src/rpc/expose.ts'
import { seeded } from '../../fixtures/random.ts'

/** Units of a layer: more of them would take long. */
const unitsPerLayer = 4
/** Numbers of a moving layer that are looked for. */
const movedPerLayer = 60

export interface TakenApart {
  /** How many layers, and units of them. */
  readonly sums: number
  readonly units: number
  /** The largest difference between a sum of terms and what the layer gives, in shares of what it may be, and its place. */
  readonly worst: number
  readonly where: string
  /** For how many units single precision leaves less than a hundred thousandth of the largest term. */
  readonly rounded: number
  /** How many layers move numbers, and those of them that are elsewhere than is said. */
  readonly moves: number
  readonly lost: readonly string[]
}

export class TakeApart {
  /** `inputSize`: rows and columns, which matter if the file leaves them open. */
  async run(files: readonly ModelFile[], inputSize: readonly [number, number] | null): Promise<TakenApart> {
    await startBackend('wasm')
    return takeApart(files, inputSize)
  }
}

async function takeApart(
  files: readonly ModelFile[],
  inputSize: readonly [number, number] | null,
): Promise<TakenApart> {
  const model = await findModel(files, { inputSize })
  const { network } = model
  const tapped = new TapNetwork(network, (layer) => model.weights(layer))
  model.close()
  const [height, width, channels] = network.inputShape
  const data = new Float32Array(height * width * channels).map((_, i) => ((i * 7919) % 2003) / 2003)
  const input = tf.tensor4d(data, [1, height, width, channels])
  const outputs = new Map<number, tf.Tensor>()
  const numbers = new Map<number, Float32Array>()
  const taps = new Set([...network.layers.keys()].filter((i) => network.layers[i]!.op !== null))
  tapped.run(input, taps, (layer, output) => {
    outputs.set(layer, tf.clone(output))
    numbers.set(layer, Float32Array.from(output.dataSync()))
  })
  const random = seeded(3)
  const found = { sums: 0, units: 0, worst: 0, where: '', rounded: 0, moves: 0, lost: [] as string[] }
  for (const [index, layer] of network.layers.entries()) {
    if (layer.op === null) continue
    const { kind } = wayOf(network, index)
    if (kind === 'move') {
      found.moves++
      found.lost.push(...lostNumbers(network, index, numbers, await weightsRead(tapped, [index]), random))
    }
    // A normalization that follows a sum is folded into it.
    const isFolded = kind === 'affine' && layer.weights.length > 0
    if (kind !== 'kernel' && kind !== 'sum' && !isFolded) continue
    const whole = linearPartOf(network, index, 0)
    if ('reason' in whole || whole.after.length > 0 || whole.sum.way === 'places') continue
    found.sums++
    const values = linearOutput(tapped, whole.sum.layer, index, outputs)
    const count = layer.shape.at(-1)!
    for (let i = 0; i < unitsPerLayer; i++) {
      const element = i === 0 ? Math.floor(random.next() * count) : Math.floor(random.next() * values.length)
      const part = linearPartOf(network, index, element % count)
      if ('reason' in part || part.after.length > 0 || part.sum.way === 'places') continue
      const weightsOf = await weightsRead(tapped, layersToRead(network, part))
      const products = productsOf(network, part, weightsOf, element)
      const { inputs } = network.layers[part.sum.layer]!
      const taken = contributionsOf(
        network,
        part,
        weightsOf,
        products,
        (from, at) => numbers.get(inputs[from]!)![at]!,
      )
      const allowed = sumTolerance(taken)
      if (allowed > sumTolerance({ ...taken, size: 0 })) found.rounded++
      // An element that nothing but zeros come to is 0.
      const error = Math.abs(taken.value - values[element]!) / (allowed || Number.MIN_VALUE)
      found.units++
      if (!(error <= found.worst)) {
        found.worst = error
        found.where = `${layer.name} (${layer.className}), element ${element}`
      }
    }
  }
  tf.dispose([input, ...outputs.values()])
  tapped.dispose()
  return found
}

/** The numbers of a sum before its activation, with what is folded into it, computed as for a unit that is taken apart. */
function linearOutput(
  network: TapNetwork,
  sum: number,
  last: number,
  outputs: ReadonlyMap<number, tf.Tensor>,
): Float32Array {
  const { inputs } = network.network.layers[sum]!
  const known = new Map(inputs.map((i) => [i, outputs.get(i)!]))
  const linear = withoutWinograd(() => replayed(network, known, last, new Set([sum])))
  const values = Float32Array.from(linear.dataSync())
  linear.dispose()
  return values
}

function lostNumbers(
  network: Network,
  index: number,
  numbers: ReadonlyMap<number, Float32Array>,
  weightsOf: (layer: number) => readonly ArrayLike<number>[],
  random: { next(): number },
): string[] {
  const layer = network.layers[index] as SupportedLayer
  const values = numbers.get(index)!
  const some = Array.from({ length: movedPerLayer }, () => Math.floor(random.next() * values.length))
  const isThere = (element: number): boolean => {
    const origin = originOf(layer.op, inputShapes(network, layer), layer.shape, weightsOf(index), element)
    const expected =
      'constant' in origin ? origin.constant : numbers.get(layer.inputs[origin.input]!)![origin.element]!
    return Object.is(values[element], Math.fround(expected)) || values[element] === Math.fround(expected)
  }
  return some
    .filter((element) => !isThere(element))
    .map((element) => `${layer.name} (${layer.op.kind}) ${element}`)
}

expose(new TakeApart(), self as never)
