/**
 * Compares attributions by how fast a unit falls when the pixels that they name first become the mean, and how fast it rises when these
 * pixels come back to a picture that is the mean: for many patches that excite channels most.
 */
import * as tf from '@tensorflow/tfjs'
import {
  channelCount,
  elementCount,
  type MapShape,
  type Pair,
  type SupportedLayer,
} from '../../../src/core/model/network.ts'
import { mapSize } from '../../../src/core/model/units.ts'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import {
  betweenMeanAnd,
  contributions,
  inputWithin,
  integrationSteps,
  shareOfStep,
  smoothingOf,
  spread,
} from '../../../src/core/reasons/attributionMap.ts'
import {
  centreFirst,
  deletedAfter,
  deletionArea,
  strongestFirst,
  withDeleted,
} from '../../../src/core/reasons/deletion.ts'
import { hiddenSquares, lossMap, withHidden } from '../../../src/core/reasons/occlusion.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { PixelReader } from '../../../src/engine/images/decodeImage.ts'
import { pictureInput } from '../../../src/engine/images/pictureInput.ts'
import type { ModelFile } from '../../../src/engine/model/formats/modelFiles.ts'
import { findModel } from '../../../src/engine/model/openModel.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { ReversePass } from '../../../src/engine/reasons/reversePass.ts'
import { type UnitCrop, unitCrop } from '../../../src/engine/reasons/unitCrop.ts'
import { expose } from '../../../src/rpc/expose.ts'
import { seeded } from '../../fixtures/random.ts'

export interface TrialRow {
  readonly method: string
  readonly deletion: number
  readonly insertion: number
  readonly patches: number
  readonly ms: number
}

interface Top {
  readonly channel: number
  readonly unit: Pair
  readonly input: Float32Array
  readonly value: number
}

const steps = 20

export class DeletionTrial {
  /** The best patches of as many channels as make `patches`, two of each. */
  async run(
    files: readonly ModelFile[],
    images: readonly File[],
    layerName: string,
    patches: number,
  ): Promise<TrialRow[]> {
    await startBackend('wasm')
    const model = await findModel(files, { inputSize: null })
    const { network } = model
    const whole = new TapNetwork(network, (layer) => model.weights(layer))
    model.close()
    const layer = network.layers.findIndex(({ name }) => name === layerName)
    const reader = new PixelReader()
    const inputs: Float32Array[] = []
    for (const image of images)
      inputs.push(await pictureInput(image, network.inputShape, notebookPreprocessing, reader))
    const mean = meanOf(inputs, network.inputShape[2])
    const tops = topsOf(whole, layer, inputs).slice(0, patches)
    const rows = new Map<string, { deletion: number; insertion: number; patches: number; ms: number }>()
    for (const [i, top] of tops.entries()) {
      const crop = unitCrop(whole, layer, top.unit)
      const one = new Patch(crop, top.channel, inputWithin(top.input, network.inputShape, crop.box), mean, i)

      for (const [method, map] of Object.entries(methods)) {
        const start = performance.now()
        const order = map(one)
        const ms = performance.now() - start
        const [deletion, insertion] = one.areas(order)
        if (deletion === null || insertion === null) continue
        const row = rows.get(method) ?? { deletion: 0, insertion: 0, patches: 0, ms: 0 }
        rows.set(method, {
          deletion: row.deletion + deletion,
          insertion: row.insertion + insertion,
          patches: row.patches + 1,
          ms: row.ms + ms,
        })
      }
    }
    return [...rows].map(([method, { deletion, insertion, patches: count, ms }]) => ({
      method,
      deletion: deletion / count,
      insertion: insertion / count,
      patches: count,
      ms: ms / count,
    }))
  }
}

class Patch {
  readonly crop: UnitCrop
  readonly channel: number
  readonly input: Float32Array
  readonly mean: readonly number[]
  readonly seed: number
  readonly shape: MapShape

  constructor(crop: UnitCrop, channel: number, input: Float32Array, mean: readonly number[], seed: number) {
    this.crop = crop
    this.channel = channel
    this.input = input
    this.mean = mean
    this.seed = seed
    this.shape = crop.network.inputShape
  }

  get size(): readonly [number, number] {
    return [this.shape[0], this.shape[1]]
  }

  #stack(images: readonly Float32Array[]): tf.Tensor4D {
    const all = new Float32Array(images.length * this.input.length)
    for (const [i, image] of images.entries()) all.set(image, i * image.length)
    return tf.tensor4d(all, [images.length, ...this.shape])
  }

  #place(): number {
    const { shape } = this.crop.network.layers[this.crop.layer] as SupportedLayer
    const { unit } = this.crop
    return (unit[0] * mapSize(shape)[1] + unit[1]) * channelCount(shape) + this.channel
  }

  activations(images: readonly Float32Array[]): number[] {
    const input = this.#stack(images)
    let found: number[] = []
    this.crop.taps.run(input, new Set([this.crop.layer]), (_, output) => {
      const values = output.dataSync()
      const per = values.length / images.length
      found = images.map((_image, i) => values[i * per + this.#place()]!)
    })
    input.dispose()
    return found
  }

  gradients(images: readonly Float32Array[]): Float32Array {
    const input = this.#stack(images)
    const pass = new ReversePass(this.crop.taps, input, this.crop.layer)
    const { shape } = this.crop.network.layers[this.crop.layer] as SupportedLayer
    const seed = new Float32Array(images.length * elementCount(shape))
    for (let i = 0; i < images.length; i++) seed[i * elementCount(shape) + this.#place()] = 1
    const tensor = tf.tensor(seed, [images.length, ...shape])
    const gradient = pass
      .back(this.crop.layer, tensor, [this.crop.network.input])
      .get(this.crop.network.input)!
    const values = Float32Array.from(gradient.dataSync())
    tf.dispose([input, tensor, gradient])
    pass.dispose()
    return values
  }

  areas(order: readonly number[]): [number | null, number | null] {
    const counts = deletedAfter(order.length, steps)
    const [input, mean] = [this.input, betweenMeanAnd(this.input, this.mean, 0)]
    const deleted = counts.map((count) => withDeleted(input, order, count, this.mean))
    const inserted = counts.map((count) => {
      const out = mean.slice()
      for (const pixel of order.slice(0, count))
        out.set(
          input.subarray(pixel * this.mean.length, (pixel + 1) * this.mean.length),
          pixel * this.mean.length,
        )
      return out
    })
    const [whole, none, ...after] = this.activations([input, mean, ...deleted, ...inserted])
    const insertion = deletionArea(none!, after.slice(steps))
    return [deletionArea(whole!, after.slice(0, steps)), insertion === null ? null : 1 - insertion]
  }

  /** As the app does it. */
  attribution(images: readonly Float32Array[]): Float64Array {
    const all = contributions(this.gradients(images), this.input, this.mean)
    return spread(all, this.size, smoothingOf(...this.size))
  }
}

const gradientSum = (p: Patch, weigh: (gradient: number, i: number) => number): Float64Array => {
  const gradients = p.gradients([p.input])
  const channels = p.mean.length
  const out = new Float64Array(gradients.length / channels)
  for (const [i, gradient] of gradients.entries()) out[Math.floor(i / channels)]! += weigh(gradient, i)
  return out
}

function onTheWay({ input, mean }: Patch): Float32Array[] {
  return Array.from({ length: integrationSteps }, (_, step) =>
    betweenMeanAnd(input, mean, shareOfStep(step, integrationSteps)),
  )
}

type Order = (p: Patch) => number[]
const by =
  (map: (p: Patch) => ArrayLike<number>): Order =>
  (p) =>
    strongestFirst(map(p), p.size)

const methods: Readonly<Record<string, Order>> = {
  random: (p) => {
    const random = seeded(p.seed + 1)
    const order = [...Array(p.size[0] * p.size[1]).keys()]
    for (let i = order.length - 1; i > 0; i--) {
      const other = random.int(0, i)
      ;[order[i], order[other]] = [order[other]!, order[i]!]
    }
    return order
  },
  'centre first': (p) => centreFirst(p.size),
  '|gradient|': by((p) => gradientSum(p, (g) => Math.abs(g))),
  'gradient × input': by((p) => gradientSum(p, (g, i) => g * p.input[i]!)),
  'gradient × (input − mean), smoothed': by((p) => p.attribution([p.input])),
  'integrated gradients, smoothed': by((p) => p.attribution(onTheWay(p))),
  occlusion: by((p) => {
    const squares = hiddenSquares(...p.size)
    const values = p.activations([
      p.input,
      ...squares.places.map((place) => withHidden(p.input, p.size[1], p.mean, squares.side, place)),
    ])
    return lossMap(
      squares,
      values.slice(1).map((value) => values[0]! - value),
      p.size,
    )
  }),
}

function meanOf(inputs: readonly Float32Array[], channels: number): number[] {
  const sums = new Float64Array(channels)
  let count = 0
  for (const input of inputs) {
    for (let i = 0; i < input.length; i++) sums[i % channels]! += input[i]!
    count += input.length / channels
  }
  return Array.from(sums, (sum) => sum / count)
}

/** The best two images of each channel, the best of all channels first. */
function topsOf(whole: TapNetwork, layer: number, inputs: readonly Float32Array[]): Top[] {
  const { shape } = whole.network.layers[layer] as SupportedLayer
  const channels = channelCount(shape)
  const tops: Top[][] = Array.from({ length: channels }, () => [])
  for (const input of inputs) {
    const tensor = tf.tensor4d(input, [1, ...whole.network.inputShape])
    whole.run(tensor, new Set([layer]), (_, output) => {
      const values = output.dataSync()
      for (let channel = 0; channel < channels; channel++) {
        let [value, at] = [0, -1]
        for (let i = channel, position = 0; i < values.length; i += channels, position++)
          if (values[i]! > value) [value, at] = [values[i]!, position]
        if (at < 0) continue
        const own = tops[channel]!
        own.push({
          channel,
          unit: [Math.floor(at / mapSize(shape)[1]), at % mapSize(shape)[1]],
          input,
          value,
        })
        own.sort((a, b) => b.value - a.value)
        own.splice(4)
      }
    })
    tensor.dispose()
  }
  return [0, 1, 2, 3].flatMap((rank) => tops.flatMap((own) => own.slice(rank, rank + 1)))
}

expose(new DeletionTrial(), self as never)
