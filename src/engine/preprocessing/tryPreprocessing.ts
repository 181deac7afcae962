/**
 * @file A few images through the whole network, prepared in one way: what it answers, which channels stay dead, which
 * units saturate, and whether its first batch normalization gets what it has stored in training.
 */
import * as tf from '@tensorflow/tfjs'
import { answerLayer } from '../../core/preprocessing/guess/prediction.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import { isUntrained, statisticsFit } from '../../core/preprocessing/guess/storedStatistics.ts'
import type { StatisticsFit, TrialReport } from '../../core/preprocessing/guess/trial.ts'
import type { Activation } from '../../core/model/network.ts'
import { ChannelRange } from '../../core/scan/channelRange.ts'
import { decodeBatch } from '../images/decodeBatch.ts'
import type { PixelReader } from '../images/decodeImage.ts'
import type { ImageHandle } from '../images/imageHandle.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'
import { type Read, reduceChannels } from '../scan/reduceChannels.ts'

/** Images of a pass: few, so that others get a word in. */
const imagesPerPass = 4

/** Images that cannot be read are left out. */
export async function tryPreprocessing(
  network: TapNetwork,
  reader: PixelReader,
  handles: readonly ImageHandle[],
  preprocessing: Preprocessing,
): Promise<TrialReport> {
  const { inputShape } = network.network
  const observers = observersOf(network)
  const outputs: (readonly number[] | null)[] = []
  for (let at = 0; at < handles.length; at += imagesPerPass) {
    const items = handles.slice(at, at + imagesPerPass).map((handle, i) => ({ image: at + i, handle }))
    const batch = await decodeBatch(items, items.length, inputShape, preprocessing, reader)
    const rows = [...batch.images.keys()].filter((row) => batch.images[row]! >= 0)
    const answers = rows.length > 0 ? await pass(network, observers, batch.data, rows, items.length) : []
    for (const row of items.keys()) outputs.push(answers[rows.indexOf(row)] ?? null)
  }
  return {
    outputs,
    dead: observers.channels.dead(),
    saturated: observers.bounded.share(),
    statistics: observers.moments?.fit() ?? null,
    notFinite: observers.channels.notFinite,
  }
}

interface Observers {
  /** By layer. */
  readonly taps: ReadonlyMap<number, readonly Tap[]>
  readonly answer: number | null
  readonly channels: Channels
  readonly bounded: Bounded
  readonly moments: Moments | null
}

/** Queues work on the backend before it returns; the promise waits for the numbers. */
type Tap = (output: tf.Tensor) => Promise<void>

function observersOf(network: TapNetwork): Observers {
  const read: Read = (tensor) => network.read(tensor)
  const channels = new Channels(read)
  const bounded = new Bounded(read)
  const moments = firstStatistics(network, read)
  const answer = answerLayer(network.network)
  const taps = new Map<number, Tap[]>()
  const tap = (layer: number, observer: Tap): void => {
    taps.set(layer, [...(taps.get(layer) ?? []), observer])
  }
  for (const [i, layer] of network.network.layers.entries()) {
    const activation = layer.op !== null && 'activation' in layer.op ? layer.op.activation : null
    if (!activation) continue
    if (isRelu(activation)) tap(i, (output) => channels.add(i, output))
    const bound = boundOf(activation)
    if (bound !== null) tap(i, (output) => bounded.add(output, bound))
  }
  if (moments) tap(moments.layer, (output) => moments.add(output))
  if (answer !== null && !taps.has(answer)) tap(answer, (output) => channels.look(output))
  return { taps, answer, channels, bounded, moments }
}

/** The answers to `rows` of a batch. */
async function pass(
  network: TapNetwork,
  { taps, answer }: Observers,
  data: Float32Array,
  rows: readonly number[],
  batchSize: number,
): Promise<number[][]> {
  const { inputShape } = network.network
  const waiting: Promise<void>[] = []
  let answers: number[][] = []
  const input = tf.tidy(() => {
    const whole = tf.tensor4d(data, [batchSize, ...inputShape])
    return rows.length === batchSize ? whole : tf.gather(whole, tf.tensor1d([...rows], 'int32'))
  })
  try {
    network.run(input, new Set(taps.keys()), (layer, output) => {
      for (const observe of taps.get(layer)!) waiting.push(observe(output))
      if (layer !== answer) return
      const kept = output.clone()
      waiting.push(
        network
          .read(kept)
          .then((values) => {
            answers = rowsOf(values, output.shape[0]!)
          })
          .finally(() => kept.dispose()),
      )
    })
  } finally {
    input.dispose()
    // Also after an error: what has been queued holds tensors until it is read.
    await Promise.allSettled(waiting)
  }
  await Promise.all(waiting)
  return answers
}

function rowsOf(values: Float32Array, count: number): number[][] {
  const length = values.length / count
  return Array.from({ length: count }, (_, row) => [...values.subarray(row * length, (row + 1) * length)])
}

/** Ranges of the channels of some layers. */
class Channels {
  notFinite = false
  readonly #read: Read
  readonly #ranges = new Map<number, ChannelRange>()

  constructor(read: Read) {
    this.#read = read
  }

  async add(layer: number, output: tf.Tensor): Promise<void> {
    const { channels, max, min, nan } = await reduceChannels(output, this.#read)
    let range = this.#ranges.get(layer)
    if (!range) this.#ranges.set(layer, (range = new ChannelRange(channels)))
    for (let i = 0; i < max.length; i++) range.add(i % channels, max[i]!, min[i]!, nan[i] === 1)
    this.#notice(max, min, nan)
  }

  /** Whether its numbers are finite, and nothing else. */
  async look(output: tf.Tensor): Promise<void> {
    const { max, min, nan } = await reduceChannels(output, this.#read)
    this.#notice(max, min, nan)
  }

  dead(): TrialReport['dead'] {
    let count = 0
    let of = 0
    for (const range of this.#ranges.values()) {
      of += range.highest.length
      for (let c = 0; c < range.highest.length; c++) if (range.isConstant(c)) count++
    }
    return { count, of }
  }

  #notice(max: Float32Array, min: Float32Array, nan: Uint8Array): void {
    this.notFinite ||= nan.includes(1) || max.includes(Infinity) || min.includes(-Infinity)
  }
}

/** How many units are at the bound of their activation. */
class Bounded {
  readonly #read: Read
  #count = 0
  #of = 0

  constructor(read: Read) {
    this.#read = read
  }

  async add(output: tf.Tensor, { low, high }: Bound): Promise<void> {
    const found = tf.tidy(() => {
      const above = tf.greaterEqual(output, high)
      return tf.sum(tf.cast(low === null ? above : tf.logicalOr(above, tf.lessEqual(output, low)), 'float32'))
    })
    try {
      this.#count += (await this.#read(found))[0]!
      this.#of += output.size
    } finally {
      found.dispose()
    }
  }

  share(): TrialReport['saturated'] {
    return { count: this.#count, of: this.#of }
  }
}

/** Mean and variance of a layer's channels over all images, in double precision once a pass is over. */
class Moments {
  readonly layer: number
  readonly #read: Read
  readonly #name: string
  readonly #stored: { mean: Float32Array; variance: Float32Array }
  #rows = 0
  readonly #sum: Float64Array
  readonly #squares: Float64Array

  constructor(read: Read, layer: number, name: string, mean: Float32Array, variance: Float32Array) {
    this.#read = read
    this.layer = layer
    this.#name = name
    this.#stored = { mean, variance }
    this.#sum = new Float64Array(mean.length)
    this.#squares = new Float64Array(mean.length)
  }

  async add(output: tf.Tensor): Promise<void> {
    const channels = this.#sum.length
    const rows = output.size / channels
    const [mean, variance] = tf.tidy(() => {
      const moments = tf.moments(tf.reshape(output, [rows, channels]), 0)
      return [moments.mean, moments.variance]
    })
    try {
      const [means, variances] = await Promise.all([this.#read(mean!), this.#read(variance!)])
      this.#rows += rows
      for (let c = 0; c < channels; c++) {
        this.#sum[c]! += rows * means[c]!
        this.#squares[c]! += rows * (variances[c]! + means[c]! ** 2)
      }
    } finally {
      tf.dispose([mean!, variance!])
    }
  }

  fit(): StatisticsFit | null {
    if (this.#rows === 0) return null
    const mean = this.#sum.map((sum) => sum / this.#rows)
    const variance = this.#squares.map((sum, c) => Math.max(0, sum / this.#rows - mean[c]! ** 2))
    return statisticsFit(this.#name, { mean, variance }, this.#stored)
  }
}

/** Of what reaches the first batch normalization that was trained; later ones get what earlier ones have put right. */
function firstStatistics(network: TapNetwork, read: Read): Moments | null {
  for (const [i, layer] of network.network.layers.entries()) {
    if (layer.op?.kind !== 'batchNorm') continue
    const [mean, variance] = network
      .weightsOf(i)
      .slice(-2)
      .map((weight) => weight.dataSync<'float32'>())
    if (isUntrained({ mean: mean!, variance: variance! })) continue
    return new Moments(read, layer.inputs[0]!, layer.name, mean!, variance!)
  }
  return null
}

function isRelu(activation: Activation): boolean {
  if (activation.fn === 'general_relu') return activation.slope === 0
  return activation.fn === 'relu' || activation.fn === 'relu6'
}

interface Bound {
  /** Null where the lower one is no sign of anything: ReLU's 0. */
  readonly low: number | null
  readonly high: number
}

/** Where a unit hardly answers to its input any more. Softmax is left out: a network may well be sure. */
function boundOf(activation: Activation): Bound | null {
  switch (activation.fn) {
    case 'relu6':
      return { low: null, high: 6 }
    case 'general_relu':
      return activation.max === null ? null : { low: null, high: activation.max }
    case 'sigmoid':
    case 'hard_sigmoid':
    case 'hard_sigmoid_2':
      return { low: 0.001, high: 0.999 }
    case 'tanh':
    case 'hard_tanh':
      return { low: -0.999, high: 0.999 }
    default:
      return null
  }
}
