/**
 * @file One pass of one image, of which the maps are kept. Their channels' maxima come at once; any channel's map, and all channels
 * at a unit, are answered later without another pass.
 *
 * The pass computes as a scan of `together` does: with the same kernels, the same layers folded and the same rule for equal units. So
 * maxima and their places are those of a scan of exactly these layers on this backend, to the bit. They differ by rounding (about a
 * millionth of the layer's largest value) from a scan of other layers, as other maps between them are folded away, and from a scan on
 * another backend.
 */
import * as tf from '@tensorflow/tfjs'
import { elementCount, type Pair, type SupportedLayer } from '../../core/model/network.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import type { ChannelSummary } from '../../core/scan/channelSummary.ts'
import { isOutOfMemory } from '../backend/outOfMemory.ts'
import { wholePass } from '../backend/wholePass.ts'
import type { PixelReader } from '../images/decodeImage.ts'
import { type Picture, pictureInput } from '../images/pictureInput.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'
import { type ChannelMap, channelOf, onGrid, readMap, withInput } from './channelMap.ts'
import { reduceChannels } from './reduceChannels.ts'

/** An image that is looked at, and the layers in which it is. */
export interface ImageLook {
  readonly picture: Picture
  readonly preprocessing: Preprocessing
  /** Indices into the network's layers. */
  readonly layers: readonly number[]
  /** The layers that were scanned together with these. */
  readonly together: readonly number[]
}

/** Bytes of the maps that are kept: all of ResNet50's at 224×224 take 140 MB. The smallest are kept first; others take a new pass. */
const mostBytes = 256e6

interface Input extends Pick<ImageLook, 'together'> {
  /** `[H, W, C]` */
  readonly data: Float32Array
}

interface Kept extends Input {
  /** The caller's name of the look. */
  readonly id: number
  /** `[1, rows, columns, C]` by layer. */
  readonly maps: Map<number, tf.Tensor4D>
}

export class ImageMaps {
  readonly #network: TapNetwork
  readonly #reader: PixelReader
  readonly #isScanning: () => boolean
  readonly #mostBytes: number
  #kept: Kept | null = null

  /** While `isScanning`, what is prepared in the network for the scan's passes stays. Tests set how much is kept. */
  constructor(network: TapNetwork, reader: PixelReader, isScanning: () => boolean, bytes = mostBytes) {
    this.#network = network
    this.#reader = reader
    this.#isScanning = isScanning
    this.#mostBytes = bytes
  }

  /**
   * One channel of a layer; nothing is kept. Rejects with `images/…`, `OutOfMemory`, `backend/lost`.
   */
  async channel(look: Omit<ImageLook, 'layers'>, layer: number, channel: number): Promise<ChannelMap> {
    const data = await this.#input(look)
    return this.#readPart({ data, together: look.together }, layer, (map) => channelOf(map, channel))
  }

  /**
   * Runs an image through the network, and keeps its maps in the place of those of the image before. Returns a summary of each
   * layer, `[1, C]`, in the order of `look.layers`. Rejects with `images/…`, `OutOfMemory`, `backend/lost`.
   */
  async look(id: number, look: ImageLook): Promise<readonly ChannelSummary[]> {
    const data = await this.#input(look)
    this.forget()
    const kept: Kept = { id, data, together: look.together, maps: new Map() }
    let summaries: readonly ChannelSummary[]
    try {
      summaries = await this.#pass(kept, look.layers, this.#affordable(look.layers))
    } catch (error) {
      if (!isOutOfMemory(error)) throw error
      summaries = await this.#pass(kept, look.layers, new Set())
    }
    // Of several at a time the one that comes last is kept.
    this.forget()
    this.#kept = kept
    return summaries
  }

  /** One channel of a layer that was looked at; null if that look is not kept any more. */
  async map(id: number, layer: number, channel: number): Promise<ChannelMap | null> {
    const part = (map: tf.Tensor4D): tf.Tensor4D => channelOf(map, channel)
    return this.#keptPart(id, layer, part)
  }

  /** All channels of a layer at one unit, `[C]`; null if that look is not kept any more. */
  async unit(id: number, layer: number, [row, column]: Pair): Promise<Float32Array | null> {
    const found = await this.#keptPart(id, layer, (map) =>
      tf.slice(map, [0, row, column, 0], [1, 1, 1, map.shape[3]]),
    )
    return found?.values ?? null
  }

  /** Frees the maps, but not the image: they are computed again when they are asked for. Returns whether there were any. */
  makeRoom(): boolean {
    const maps = this.#kept?.maps
    if (!maps || maps.size === 0) return false
    tf.dispose([...maps.values()])
    maps.clear()
    return true
  }

  forget(): void {
    this.makeRoom()
    this.#kept = null
  }

  #input({ picture, preprocessing }: Pick<ImageLook, 'picture' | 'preprocessing'>): Promise<Float32Array> {
    return pictureInput(picture, this.#network.network.inputShape, preprocessing, this.#reader)
  }

  /** The layers whose maps are kept. */
  #affordable(layers: readonly number[]): ReadonlySet<number> {
    const bytes = (layer: number): number => 4 * elementCount(this.#layer(layer).shape)
    let left = this.#mostBytes
    return new Set(
      layers.toSorted((a, b) => bytes(a) - bytes(b)).filter((layer) => (left -= bytes(layer)) >= 0),
    )
  }

  async #pass(kept: Kept, layers: readonly number[], keep: ReadonlySet<number>): Promise<ChannelSummary[]> {
    const readings = new Map<number, Promise<ChannelSummary>>()
    try {
      const onMap = (layer: number, map: tf.Tensor4D): void => {
        readings.set(
          layer,
          reduceChannels(map, (reduced) => this.#network.read(reduced)),
        )
        if (keep.has(layer)) kept.maps.set(layer, map)
        else map.dispose()
      }
      // Queued reductions hold tensors until they are read.
      await this.#run(kept, layers, onMap, () => Promise.allSettled(readings.values()))
      return await Promise.all(layers.map((layer) => readings.get(layer)!))
    } catch (error) {
      tf.dispose([...kept.maps.values()])
      kept.maps.clear()
      throw error
    }
  }

  async #keptPart(
    id: number,
    layer: number,
    part: (map: tf.Tensor4D) => tf.Tensor4D,
  ): Promise<ChannelMap | null> {
    const kept = this.#kept
    if (kept?.id !== id) return null
    const map = kept.maps.get(layer)
    return map ? readMap(this.#network, part(map)) : this.#readPart(kept, layer, part)
  }

  async #readPart(input: Input, layer: number, part: (map: tf.Tensor4D) => tf.Tensor4D): Promise<ChannelMap> {
    let found: tf.Tensor4D | null = null
    await this.#run(input, [layer], (_, map) => {
      found = part(map)
      map.dispose()
    })
    return readMap(this.#network, found!)
  }

  /** `onMap` gets the map of each of these layers, which is its own. What a failed pass has made is freed after `settle`. */
  async #run(
    { data, together }: Input,
    layers: readonly number[],
    onMap: (layer: number, map: tf.Tensor4D) => void,
    settle: () => Promise<unknown> = () => Promise.resolve(),
  ): Promise<void> {
    const taps = new Set([...together, ...layers])
    const wanted = new Set(layers)
    const pass = (): void =>
      withInput(this.#network, data, (input) =>
        this.#network.run(
          input,
          taps,
          (layer, output) => {
            if (wanted.has(layer)) onMap(layer, onGrid(output, this.#layer(layer)))
          },
          null,
          Math.max(...layers),
        ),
      )
    if (!this.#isScanning()) await this.#network.prepare(taps)
    let free = (): void => undefined
    try {
      await this.#network.withPrepared(taps, () =>
        wholePass(pass, (freeAll) => {
          free = freeAll
        }),
      )
    } catch (error) {
      await settle()
      free()
      throw error
    }
  }

  #layer(layer: number): SupportedLayer {
    return this.#network.network.layers[layer] as SupportedLayer
  }
}
