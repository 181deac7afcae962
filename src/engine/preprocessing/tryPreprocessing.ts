/**
 * @file Runs a few images with one preprocessing through the whole network: what it answers, which channels stay dead,
 * which units saturate, and whether its first batch normalization gets what it has stored in training.
 */
import * as tf from '@tensorflow/tfjs'
import { boundOf, isRelu } from '../../core/preprocessing/guess/activationBounds.ts'
import { answerLayer } from '../../core/preprocessing/guess/prediction.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import type { TrialReport } from '../../core/preprocessing/guess/trial.ts'
import { decodeBatch } from '../images/decodeBatch.ts'
import type { PixelReader } from '../images/decodeImage.ts'
import type { ImageHandle } from '../images/imageHandle.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'
import type { Read } from '../scan/reduceChannels.ts'
import { ChannelRanges } from './channelRanges.ts'
import { firstMoments, type InputMoments } from './inputMoments.ts'
import { Saturation } from './saturation.ts'

/** Images in a pass: few, so that a scan goes on between the passes. */
const imagesPerPass = 4

/** Leaves out images that cannot be read. */
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
    saturated: observers.saturation.share(),
    statistics: observers.moments?.fit() ?? null,
    notFinite: observers.channels.notFinite,
  }
}

interface Observers {
  /** The observers of each layer. */
  readonly taps: ReadonlyMap<number, readonly Tap[]>
  /** The layer of the network's answer. */
  readonly answer: number | null
  readonly channels: ChannelRanges
  readonly saturation: Saturation
  readonly moments: InputMoments | null
}

/** Queues work on the backend before it returns; the promise waits for the numbers. */
type Tap = (output: tf.Tensor) => Promise<void>

function observersOf(network: TapNetwork): Observers {
  const read: Read = (tensor) => network.read(tensor)
  const channels = new ChannelRanges(read)
  const saturation = new Saturation(read)
  const moments = firstMoments(network, read)
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
    if (bound !== null) tap(i, (output) => saturation.add(output, bound))
  }
  if (moments) tap(moments.layer, (output) => moments.add(output))
  if (answer !== null && !taps.has(answer)) tap(answer, (output) => channels.look(output))
  return { taps, answer, channels, saturation, moments }
}

/** Runs `rows` of a batch through the network, and returns its answers. */
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
    // Waits after an error too: what has been queued holds tensors until it is read.
    await Promise.allSettled(waiting)
  }
  await Promise.all(waiting)
  return answers
}

function rowsOf(values: Float32Array, count: number): number[][] {
  const length = values.length / count
  return Array.from({ length: count }, (_, row) => [...values.subarray(row * length, (row + 1) * length)])
}
