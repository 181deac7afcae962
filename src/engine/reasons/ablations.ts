/**
 * @file Changes a channel of a layer, and computes the network's outputs again. A batch of images runs to the layer once; its maps
 * there are kept as far as there is room, and each change runs only what lies behind the layer (`networkBehind`).
 */
import * as tf from '@tensorflow/tfjs'
import pLimit from 'p-limit'
import { peakActivationBytes } from '../../core/model/memory.ts'
import { channelCount, elementCount, type SupportedLayer } from '../../core/model/network.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import {
  changedPart,
  type ChangedPart,
  networkBehind,
  type NetworkBehind,
  outputBehind,
} from '../../core/reasons/networkBehind.ts'
import { sizeWithin } from '../../core/scan/passSize.ts'
import { isOutOfMemory } from '../backend/outOfMemory.ts'
import { backendName } from '../backend/tfjsBackend.ts'
import { wholePass } from '../backend/wholePass.ts'
import { type BatchItem, decodeBatch, type SkippedImage } from '../images/decodeBatch.ts'
import type { PixelReader } from '../images/decodeImage.ts'
import { type NetworkInput, TapNetwork } from '../model/tapNetwork.ts'

/** Each number of the channel becomes `factor · x + offset`; if the factor is 0, the offset, also where x is no number. */
export interface ChannelChange {
  readonly channel: number
  readonly factor: number
  readonly offset: number
}

/** Images, and the layer that is changed. */
export interface AblationBatch {
  /** Index into the network's layers. */
  readonly layer: number
  readonly items: readonly BatchItem[]
  readonly preprocessing: Preprocessing
  /** Stands for a layer, and images with their preprocessing: their maps are kept under it. */
  readonly set: number
  /** Stands for these images within the set. */
  readonly batch: number
  /** The most bytes of maps that are kept of all batches. */
  readonly keep: number
}

export interface AblationReport {
  /** The images that went through the network, `[N]`. */
  readonly images: Int32Array
  readonly skipped: readonly SkippedImage[]
  /**
   * `[1 + changes, N, outputs]`, without any change first. A last layer that is a map gives the mean of each channel over its units.
   */
  readonly outputs: Float32Array
  /** The sum of each channel over the units of the layer that are changed, and how many these are: `[N, C]`. */
  readonly sums: Float64Array
  readonly units: number
}

interface Kept {
  readonly images: Int32Array
  readonly skipped: readonly SkippedImage[]
  /** `[N, …]` by layer of `NetworkBehind.given`. */
  readonly maps: ReadonlyMap<number, Float32Array>
  readonly sums: Float64Array
  /** `[N, outputs]`, without any change. */
  readonly outputs: Float32Array
  readonly set: number
  readonly bytes: number
}

/** What is ready for a layer. */
interface Ready {
  readonly layer: number
  readonly part: ChangedPart
  readonly behind: NetworkBehind
  readonly first: TapNetwork
  readonly rest: TapNetwork
}

/** Bytes of the maps of a pass, and its images: passes are short, so that others may come between them. */
const passLimits = { bytes: 128e6, images: 16 } as const

export class Ablations {
  readonly #network: TapNetwork
  readonly #reader: PixelReader
  readonly #turns = pLimit(1)
  readonly #kept = new Map<string, Kept>()
  #ready: Ready | null = null
  /** The most images of a pass; fewer after memory has run out. */
  #most: number = passLimits.images

  constructor(network: TapNetwork, reader: PixelReader) {
    this.#network = network
    this.#reader = reader
  }

  /**
   * One call at a time; others wait. Results do not depend on which images share a batch. Rejects with `RangeError` if nothing
   * depends on the layer, `OutOfMemory`, `backend/lost`.
   */
  run(batch: AblationBatch, changes: readonly ChannelChange[]): Promise<AblationReport> {
    return this.#turns(async () => {
      const ready = await this.#readyFor(batch.layer)
      const { images, skipped, maps, sums, outputs } = await this.#batch(ready, batch)
      const length = outputs.length
      const all = new Float32Array((1 + changes.length) * length)
      all.set(outputs)
      for (const [i, change] of changes.entries())
        all.set(await this.#outputs(ready, maps, images.length, change), (1 + i) * length)
      const units = changedUnits(ready)
      return { images, skipped, outputs: all, sums, units: units.end - units.first }
    })
  }

  /** Frees all that is kept, when the call that is under way has ended. */
  forget(): Promise<void> {
    return this.#turns(() => {
      this.#kept.clear()
      this.#discard()
    })
  }

  async #readyFor(layer: number): Promise<Ready> {
    if (this.#ready?.layer === layer) return this.#ready
    this.#discard()
    const whole = this.#network.network
    const part = changedPart(whole, layer)
    const output = outputBehind(whole, part.layer)
    if (output === null) throw new RangeError(`nothing depends on layer ${layer}`)
    const behind = networkBehind(whole, part.layer, output)
    const of = (own: number): readonly tf.Tensor[] => this.#network.weightsOf(own)
    const { watch } = this.#network
    const first = new TapNetwork(whole, { of }, watch)
    const ofRest = (own: number): readonly tf.Tensor[] =>
      behind.network.layers[own]!.inputs.length === 0 ? [] : of(behind.sourceOf[own]!)
    const rest = new TapNetwork(behind.network, { of: ofRest }, watch)
    const ready = { layer, part, behind, first, rest }
    this.#ready = ready
    this.#most = passLimits.images
    await first.prepare(new Set(behind.given))
    await rest.prepare(new Set([behind.output]))
    return ready
  }

  #discard(): void {
    this.#ready?.first.dispose()
    this.#ready?.rest.dispose()
    this.#ready = null
  }

  async #batch(ready: Ready, { items, preprocessing, set, batch, keep }: AblationBatch): Promise<Kept> {
    const key = `${set} ${batch}`
    const known = this.#kept.get(key)
    if (known) return known
    const { inputShape } = this.#network.network
    const decoded = await decodeBatch(items, items.length, inputShape, preprocessing, this.#reader)
    const rows = [...decoded.images.keys()].filter((row) => decoded.images[row]! >= 0)
    const size = elementCount(inputShape)
    const data = new Float32Array(rows.length * size)
    for (const [to, row] of rows.entries())
      data.set(decoded.data.subarray(row * size, (row + 1) * size), to * size)
    const maps = await this.#maps(ready, data, rows.length)
    const made: Kept = {
      images: Int32Array.from(rows, (row) => decoded.images[row]!),
      skipped: decoded.skipped,
      maps,
      sums: channelSums(maps.get(ready.part.layer)!, rows.length, changedUnits(ready)),
      outputs: await this.#outputs(ready, maps, rows.length, null),
      set,
      bytes: [...maps.values()].reduce((sum, { byteLength }) => sum + byteLength, 0),
    }
    this.#keep(key, made, keep)
    return made
  }

  /** Maps of other sets give way. Those of the same set stay, as all of them are asked for in turn. */
  #keep(key: string, made: Kept, most: number): void {
    let bytes = [...this.#kept.values()].reduce((sum, kept) => sum + kept.bytes, made.bytes)
    for (const [other, kept] of this.#kept) {
      if (bytes <= most) break
      if (kept.set === made.set) continue
      this.#kept.delete(other)
      bytes -= kept.bytes
    }
    if (bytes <= most) this.#kept.set(key, made)
  }

  /** The maps of all layers that are given to what lies behind. */
  #maps({ first, behind }: Ready, data: Float32Array, images: number): Promise<Map<number, Float32Array>> {
    const { inputShape } = this.#network.network
    const size = elementCount(inputShape)
    const taps = new Set(behind.given)
    const bytes = peakActivationBytes(first.network, behind.given, { windows: backendName() !== 'wasm' })
    const maps = new Map(
      behind.given.map((layer) => [
        layer,
        new Float32Array(images * elementCount((first.network.layers[layer] as SupportedLayer).shape)),
      ]),
    )
    return this.#inPasses(images, bytes, maps, (from, to) => {
      const input = tf.tensor4d(data.subarray(from * size, to * size), [to - from, ...inputShape])
      return { network: first, input, taps, made: [input], take: (map) => map.clone() }
    })
  }

  /** The network's outputs if a channel is changed, `[N, outputs]`. */
  async #outputs(
    ready: Ready,
    maps: ReadonlyMap<number, Float32Array>,
    images: number,
    change: ChannelChange | null,
  ): Promise<Float32Array> {
    const { part, behind, rest } = ready
    const { layers } = rest.network
    const lengthOf = (layer: number): number => elementCount((layers[layer] as SupportedLayer).shape)
    const outputs = channelCount((layers[behind.output] as SupportedLayer).shape)
    const bytes = peakActivationBytes(rest.network, [behind.output], { windows: backendName() !== 'wasm' })
    const found = new Map([[behind.output, new Float32Array(images * outputs)]])
    const taps = new Set([behind.output])
    await this.#inPasses(images, bytes, found, (from, to) => {
      const input = new Map<number, tf.Tensor>()
      for (const [place, source] of behind.sourceOf.entries()) {
        const values = maps.get(source)
        if (!values) continue
        const shape = [to - from, ...(layers[place] as SupportedLayer).shape]
        const rows = values.subarray(from * lengthOf(place), to * lengthOf(place))
        const tensor = (of: Float32Array): tf.Tensor => tf.tensor(of, shape, 'float32')
        const changed = source === part.layer && change !== null
        input.set(
          place,
          changed ? withChange(rows, to - from, changedUnits(ready), change, tensor) : tensor(rows),
        )
      }
      return { network: rest, input, taps, made: [...input.values()], take: channelMeans }
    })
    return found.get(behind.output)!
  }

  /** Runs `images` in passes, and writes what the taps give into `into`. */
  async #inPasses(
    images: number,
    bytesAnImage: number,
    into: Map<number, Float32Array>,
    begin: (from: number, to: number) => Pass,
  ): Promise<Map<number, Float32Array>> {
    for (let from = 0; from < images;) {
      const size = sizeWithin(passLimits.bytes, bytesAnImage, this.#most)
      const to = Math.min(images, from + size)
      try {
        for (const [layer, values] of await this.#pass(() => begin(from, to))) {
          const all = into.get(layer)!
          all.set(values, (from * all.length) / images)
        }
        from = to
      } catch (error) {
        if (!isOutOfMemory(error) || size === 1) throw error
        this.#most = size / 2
      }
    }
    return into
  }

  async #pass(begin: () => Pass): Promise<readonly (readonly [layer: number, values: Float32Array])[]> {
    const waiting: Promise<readonly [number, Float32Array]>[] = []
    let free = (): void => undefined
    const forward = (): void => {
      const { network, input, taps, made, take } = begin()
      try {
        network.run(input, taps, (layer, output) => {
          const kept = take(output)
          waiting.push(
            network
              .read(kept)
              .then((values) => [layer, values] as const)
              .finally(() => kept.dispose()),
          )
        })
      } finally {
        tf.dispose(made as tf.Tensor[])
      }
    }
    try {
      wholePass(forward, (freeAll) => {
        free = freeAll
      })
    } catch (error) {
      // What has been queued holds tensors until it is read.
      await Promise.allSettled(waiting)
      free()
      throw error
    }
    return Promise.all(waiting)
  }
}

interface Pass {
  readonly network: TapNetwork
  readonly input: NetworkInput
  readonly taps: ReadonlySet<number>
  /** Tensors that are disposed of after the pass. */
  readonly made: readonly tf.Tensor[]
  /** Makes of a tap's output the tensor that is read. */
  readonly take: (output: tf.Tensor) => tf.Tensor
}

/** The places of a channel's numbers in the map of an image. */
interface ChangedUnits {
  /** Units in the order of memory: `[first, end)` of `count`. */
  readonly first: number
  readonly end: number
  readonly count: number
  readonly channels: number
}

function changedUnits({ part, behind }: Ready): ChangedUnits {
  const { shape } = behind.network.layers[behind.network.input] as SupportedLayer
  const channels = channelCount(shape)
  const count = elementCount(shape) / channels
  const [first, end] = part.units ?? [0, count]
  return { first, end, count, channels }
}

/** `[N, C]`, each summed in the order of its units. */
function channelSums(
  values: Float32Array,
  images: number,
  { first, end, count, channels }: ChangedUnits,
): Float64Array {
  const sums = new Float64Array(images * channels)
  for (let image = 0; image < images; image++) {
    const own = sums.subarray(image * channels, (image + 1) * channels)
    for (let unit = first, at = (image * count + first) * channels; unit < end; unit++)
      for (let c = 0; c < channels; c++, at++) own[c]! += values[at]!
  }
  return sums
}

/** Makes a tensor of changed numbers; `values` are as before when it returns. */
function withChange(
  values: Float32Array,
  images: number,
  { first, end, count, channels }: ChangedUnits,
  { channel, factor, offset }: ChannelChange,
  make: (values: Float32Array) => tf.Tensor,
): tf.Tensor {
  // WASM copies numbers at once, cards when they are needed.
  const isCopied = backendName() !== 'wasm'
  const own = isCopied ? values.slice() : values
  const before = new Float32Array(images * (end - first))
  const each = (change: (at: number, i: number) => void): void => {
    let i = 0
    for (let image = 0; image < images; image++)
      for (let unit = first; unit < end; unit++, i++) change((image * count + unit) * channels + channel, i)
  }
  each((at, i) => {
    const x = own[at]!
    before[i] = x
    own[at] = factor === 0 ? offset : factor * x + offset
  })
  const tensor = make(own)
  if (!isCopied)
    each((at, i) => {
      own[at] = before[i]!
    })
  return tensor
}

/** `[N, C]` of `[N, …, C]`: the means over the units. */
function channelMeans(output: tf.Tensor): tf.Tensor {
  if (output.rank === 2) return output.clone()
  return tf.tidy(() => tf.mean(tf.reshape(output, [output.shape[0]!, -1, output.shape.at(-1)!]), 1))
}
