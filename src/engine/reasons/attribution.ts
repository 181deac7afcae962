/**
 * @file Which pixels of a patch excite a unit and which inhibit it. Only the unit's crop is run (`unitCrop`), in passes of as many
 * changed patches as make a small image, so that a scan goes on between them. Each patch of a pass is computed by itself, and sums are
 * made in double precision in one order: numbers are the same however many are in a pass.
 */
import * as tf from '@tensorflow/tfjs'
import {
  channelCount,
  elementCount,
  type MapShape,
  type Pair,
  type SupportedLayer,
} from '../../core/model/network.ts'
import type { Box } from '../../core/model/receptiveField.ts'
import { mapSize } from '../../core/model/units.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import {
  betweenMeanAnd,
  contributions,
  inputWithin,
  integrationSteps,
  partOfMap,
  shareOfStep,
  smoothingOf,
  spread,
  sumOf,
} from '../../core/reasons/attributionMap.ts'
import {
  centreFirst,
  deletedAfter,
  deletionArea,
  deletionSteps,
  strongestFirst,
  withDeleted,
} from '../../core/reasons/deletion.ts'
import { hiddenSquares, lossMap, withHidden } from '../../core/reasons/occlusion.ts'
import type { PixelReader } from '../images/decodeImage.ts'
import { type Picture, pictureInput } from '../images/pictureInput.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'
import { ReversePass } from './reversePass.ts'
import { type UnitCrop, unitCrop } from './unitCrop.ts'

/** The activation that is to be explained. */
export interface AttributionClaim {
  /** Index into the network's layers. */
  readonly layer: number
  readonly channel: number
  /** Row, column in the layer's map; `[0, 0]` if it is none. */
  readonly unit: Pair
  /** The unit's receptive field in pixels of the input; it may hang over the edge. */
  readonly box: Box
  readonly picture: Picture
  readonly preprocessing: Preprocessing
  /** The mean of the input, by channel: what a pixel is compared with. */
  readonly mean: readonly number[]
}

/** What each pixel contributes, `[rows, columns]` of the part of the unit's box that is read; others contribute 0. */
export interface PixelMap {
  readonly box: Box
  readonly rows: number
  readonly columns: number
  readonly values: Float32Array<ArrayBuffer>
}

export interface Attribution extends PixelMap {
  /** The activation, and that of a picture that is the mean everywhere. */
  readonly activation: number
  readonly atMean: number
  /**
   * What contributes from outside of the box: 0, unless the layer also depends on statistics of the whole image. All contributions of
   * integrated gradients together are about `activation − atMean`.
   */
  readonly elsewhere: number
}

export interface Occlusion extends PixelMap {
  /** The side of the squares that are hidden, in pixels. */
  readonly side: number
  /** How many of how many squares the map is made of. */
  readonly done: number
  readonly of: number
  /** By square: what the unit loses. */
  readonly losses: readonly number[]
}

/** See `deletionArea`; null if the unit fires as much for the mean as for the patch. */
export interface DeletionTest {
  readonly attribution: number | null
  readonly centreFirst: number | null
}

/** How often the network is run: of integrated gradients, the mean over 16 images; of a single gradient, that of the image. */
export type GradientMethod = 'gradient' | 'integrated'

/** A pass is about as long as one with so many pixels. */
const pixelsInPass = 2 ** 15
const mostInPass = 16

/** The patch that was asked for last: another question about it needs not decode the picture again. */
interface Opened {
  readonly id: number
  readonly crop: UnitCrop
  readonly claim: AttributionClaim
  /** The crop's input, `[rows, columns, C]`. */
  readonly input: Float32Array
  readonly shape: MapShape
  /** The box, as far as pixels of it are read. */
  readonly box: Box
}

export class Attributions {
  readonly #network: TapNetwork
  readonly #reader: PixelReader
  #opened: Opened | null = null

  constructor(network: TapNetwork, reader: PixelReader) {
    this.#network = network
    this.#reader = reader
  }

  /** `id` names the claim: questions with the same one are about the same claim. Throws `images/…`, `OutOfMemory`. */
  async attribution(id: number, claim: AttributionClaim, method: GradientMethod): Promise<Attribution> {
    const opened = await this.#open(id, claim)
    const { input, shape, crop, box } = opened
    const { mean } = claim
    const steps = method === 'integrated' ? integrationSteps : 1
    const images = Array.from({ length: steps }, (_, step) =>
      method === 'integrated' ? betweenMeanAnd(input, mean, shareOfStep(step, steps)) : input,
    )
    const gradients = new Float32Array(steps * input.length)
    let done = 0
    for (const some of inPasses(images, shape[0] * shape[1])) {
      gradients.set(await this.#gradients(opened, some), done * input.length)
      done += some.length
    }
    const all = contributions(gradients, input, mean)
    const inside = partOfMap(all, crop.box, box)
    const size = [box[2] - box[0], box[3] - box[1]] as const
    const values = spread(inside, size, smoothingOf(...size))
    const [activation, atMean] = await this.#activations(opened, [input, betweenMeanAnd(input, mean, 0)])
    return {
      ...mapOf(box, values),
      activation: activation!,
      atMean: atMean!,
      elsewhere: sumOf(all) - sumOf(inside),
    }
  }

  /**
   * What the unit loses if squares of the patch are hidden: the first `until` of them, of which the first are `known` by their losses.
   */
  async occlusion(
    id: number,
    claim: AttributionClaim,
    known: readonly number[],
    until: number,
  ): Promise<Occlusion> {
    const opened = await this.#open(id, claim)
    const { box, crop, input, shape } = opened
    const [rows, columns] = [box[2] - box[0], box[3] - box[1]]
    const squares = hiddenSquares(rows, columns)
    const places = squares.places
      .slice(known.length, until)
      .map(([top, left]) => [top + box[0] - crop.box[0], left + box[1] - crop.box[1]] as const)
    const [whole, ...after] = await this.#activations(opened, [
      input,
      ...places.map((place) => withHidden(input, shape[1], claim.mean, squares.side, place)),
    ])
    const losses = [...known, ...after.map((value) => whole! - value)]
    return {
      ...mapOf(box, lossMap(squares, losses, [rows, columns])),
      side: squares.side,
      done: losses.length,
      of: squares.places.length,
      losses,
    }
  }

  /** Whether the unit falls faster if pixels are deleted in the order of a map of the box than from the centre outwards. */
  async deletionTest(id: number, claim: AttributionClaim, values: Float32Array): Promise<DeletionTest> {
    const opened = await this.#open(id, claim)
    const { box, crop, input, shape } = opened
    const size = [box[2] - box[0], box[3] - box[1]] as const
    const counts = deletedAfter(values.length, deletionSteps)
    const inCrop = (pixel: number): number =>
      (Math.floor(pixel / size[1]) + box[0] - crop.box[0]) * shape[1] +
      (pixel % size[1]) +
      box[1] -
      crop.box[1]
    const orders = [strongestFirst(values, size), centreFirst(size)].map((order) => order.map(inCrop))
    const images = orders.flatMap((order) =>
      counts.map((count) => withDeleted(input, order, count, claim.mean)),
    )
    const [whole, ...after] = await this.#activations(opened, [input, ...images])
    const areas = orders.map((_, i) =>
      deletionArea(whole!, after.slice(i * deletionSteps, (i + 1) * deletionSteps)),
    )
    return { attribution: areas[0]!, centreFirst: areas[1]! }
  }

  forget(): void {
    this.#opened?.crop.taps.dispose()
    this.#opened = null
  }

  async #open(id: number, claim: AttributionClaim): Promise<Opened> {
    if (this.#opened?.id === id) return this.#opened
    const { inputShape } = this.#network.network
    const whole = await pictureInput(claim.picture, inputShape, claim.preprocessing, this.#reader)
    this.forget()
    const crop = unitCrop(this.#network, claim.layer, claim.unit)
    const { inputShape: shape } = crop.network
    const input = inputWithin(whole, inputShape, crop.box)
    this.#opened = { id, crop, claim, input, shape, box: common(claim.box, crop.box) }
    return this.#opened
  }

  /** d activation / d input of each image, one after the other. */
  async #gradients(opened: Opened, images: readonly Float32Array[]): Promise<Float32Array> {
    const { crop, claim, shape } = opened
    const input = stacked(images, shape)
    try {
      const pass = new ReversePass(crop.taps, input, crop.layer)
      try {
        const seed = seedOf(crop, claim.channel, images.length)
        const found = pass.back(crop.layer, seed, [crop.network.input])
        seed.dispose()
        const gradient = found.get(crop.network.input)!
        try {
          return await crop.taps.read(gradient)
        } finally {
          gradient.dispose()
        }
      } finally {
        pass.dispose()
      }
    } finally {
      input.dispose()
    }
  }

  /** The unit's activation for each image. */
  async #activations({ crop, claim, shape }: Opened, images: readonly Float32Array[]): Promise<number[]> {
    const at = placeOf(crop, claim.channel)
    const found: number[] = []
    for (const some of inPasses(images, shape[0] * shape[1])) {
      const input = stacked(some, shape)
      let output: tf.Tensor | null = null
      try {
        crop.taps.run(input, new Set([crop.layer]), (_, tapped) => {
          output = tf.keep(tapped.clone())
        })
        const values = await crop.taps.read(output!)
        const perImage = values.length / some.length
        for (let image = 0; image < some.length; image++) found.push(values[image * perImage + at]!)
      } finally {
        input.dispose()
        tf.dispose(output!)
      }
    }
    return found
  }
}

/** The pixels of a field that are in the crop: strides may leave out the last rows of an image. */
function common(a: Box, b: Box): Box {
  return [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])]
}

/** Where the unit lies in an output of the crop's layer. */
function placeOf({ network, layer, unit }: UnitCrop, channel: number): number {
  const { shape } = network.layers[layer] as SupportedLayer
  return (unit[0] * mapSize(shape)[1] + unit[1]) * channelCount(shape) + channel
}

/** Is 1 for the unit and 0 elsewhere, of so many images. */
function seedOf(crop: UnitCrop, channel: number, images: number): tf.Tensor {
  const { shape } = crop.network.layers[crop.layer] as SupportedLayer
  const size = elementCount(shape)
  const seed = new Float32Array(images * size)
  for (let image = 0; image < images; image++) seed[image * size + placeOf(crop, channel)] = 1
  return tf.tensor(seed, [images, ...shape])
}

function stacked(images: readonly Float32Array[], shape: MapShape): tf.Tensor4D {
  const all = new Float32Array(images.length * elementCount(shape))
  for (const [i, image] of images.entries()) all.set(image, i * image.length)
  return tf.tensor4d(all, [images.length, ...shape])
}

function* inPasses<T>(images: readonly T[], pixels: number): Generator<T[]> {
  const most = Math.min(mostInPass, Math.max(1, Math.floor(pixelsInPass / pixels)))
  for (let at = 0; at < images.length; at += most) yield images.slice(at, at + most)
}

function mapOf(box: Box, values: Float64Array): PixelMap {
  return { box, rows: box[2] - box[0], columns: box[3] - box[1], values: Float32Array.from(values) }
}
