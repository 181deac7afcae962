/**
 * @file Proves a patch: all pixels outside of its box are replaced by noise, the network runs again, and the unit's
 * activation must not change. On WASM Winograd's convolutions are left out: their tiles are larger than a unit's box, so
 * the noise would change how they round.
 */
import * as tf from '@tensorflow/tfjs'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import { seededRandom } from '../../core/seededRandom.ts'
import { writeInput } from '../../core/preprocessing/toInput.ts'
import { elementCount, type MapShape, type Pair } from '../../core/model/network.ts'
import { mapSize } from '../../core/model/units.ts'
import type { Box } from '../../core/model/receptiveField.ts'
import { type PixelReader, usingPixels } from '../images/decodeImage.ts'
import type { ImageHandle } from '../images/imageHandle.ts'
import { withoutWinograd } from '../backend/kernels/convolution/choice.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'

/** The claim to be proved: this unit depends on this box of this image and on nothing else. */
export interface PatchClaim {
  /** Index into the network's layers. */
  readonly layer: number
  readonly channel: number
  /** Row, column in the layer's map. */
  readonly unit: Pair
  readonly box: Box
  readonly handle: ImageHandle
  readonly preprocessing: Preprocessing
  /** The seed of the noise, a whole number. */
  readonly seed: number
}

export interface PatchProof {
  /** The unit's activation in the image as it is. */
  readonly before: number
  /** The unit's activation with noise outside of the box. */
  readonly after: number
  /** The channel's largest absolute activation in the image as it is. */
  readonly scale: number
  /** The input of the second run as a picture: RGBA, `[height, width, 4]`. */
  readonly noised: {
    readonly width: number
    readonly height: number
    readonly data: Uint8ClampedArray<ArrayBuffer>
  }
}

/** Throws `images/…` if the picture cannot be read. */
export async function provePatch(
  network: TapNetwork,
  reader: PixelReader,
  { layer, channel, unit, box, handle, preprocessing, seed }: PatchClaim,
): Promise<PatchProof> {
  const { inputShape } = network.network
  const input = new Float32Array(elementCount(inputShape))
  await usingPixels(handle, preprocessing.orientation, reader, (pixels) =>
    writeInput(pixels, inputShape, preprocessing, input, 0),
  )
  const noised = noiseLike(inputShape, preprocessing, seed)
  keepInside(noised, input, box, inputShape)
  const before = await channelMap(network, input, layer, channel)
  const after = await channelMap(network, noised, layer, channel)
  const at = unit[0] * before.columns + unit[1]
  return {
    before: before.values[at]!,
    after: after.values[at]!,
    scale: before.values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0),
    noised: pictureOf(noised, inputShape, preprocessing),
  }
}

/** Makes the network's input of a picture of random colours, so that the noise has the range of real input. */
function noiseLike(inputShape: MapShape, preprocessing: Preprocessing, seed: number): Float32Array {
  const [height, width] = inputShape
  const random = seededRandom(seed)
  const data = new Uint8ClampedArray(height * width * 4).map((_, i) => (i % 4 === 3 ? 255 : random() * 256))
  return inputOf({ width, height, data }, inputShape, preprocessing)
}

function inputOf(
  pixels: Parameters<typeof writeInput>[0],
  inputShape: MapShape,
  preprocessing: Preprocessing,
): Float32Array {
  const input = new Float32Array(elementCount(inputShape))
  writeInput(pixels, inputShape, preprocessing, input, 0)
  return input
}

function keepInside(
  target: Float32Array,
  source: Float32Array,
  box: Box,
  [height, width, channels]: MapShape,
): void {
  const [top, left] = [Math.max(0, box[0]), Math.max(0, box[1])]
  const [bottom, right] = [Math.min(height, box[2]), Math.min(width, box[3])]
  if (right <= left) return
  for (let row = top; row < bottom; row++) {
    const start = (row * width + left) * channels
    target.set(source.subarray(start, start + (right - left) * channels), start)
  }
}

/** Returns one channel of the layer's output for one input, row-major. */
async function channelMap(
  network: TapNetwork,
  data: Float32Array,
  layer: number,
  channel: number,
): Promise<{ values: Float32Array; columns: number }> {
  const input = tf.tensor4d(data, [1, ...network.network.inputShape])
  let map: tf.Tensor | null = null
  try {
    withoutWinograd(() =>
      network.run(input, new Set([layer]), (_, output) => {
        const last = output.rank - 1
        map = tf.slice(output, [...Array(last).fill(0), channel], [...output.shape.slice(0, last), 1])
      }),
    )
  } finally {
    input.dispose()
  }
  const found = map! as tf.Tensor
  try {
    const [, columns] = mapSize(found.shape.slice(1))
    return { values: await network.read(found), columns }
  } finally {
    found.dispose()
  }
}

/** Turns the network's input back into bytes, whatever the preprocessing maps black and white to. */
function pictureOf(
  input: Float32Array,
  inputShape: MapShape,
  preprocessing: Preprocessing,
): PatchProof['noised'] {
  const [height, width, channels] = inputShape
  const uniform = (value: number): Float32Array =>
    inputOf(
      { width: 1, height: 1, data: new Uint8ClampedArray([value, value, value, 255]) },
      [1, 1, channels],
      preprocessing,
    )
  const [black, white] = [uniform(0), uniform(255)]
  const data = new Uint8ClampedArray(height * width * 4)
  for (let p = 0; p < height * width; p++) {
    for (let c = 0; c < 3; c++) {
      const from = Math.min(c, channels - 1)
      const [low, high] = [black[from]!, white[from]!]
      data[p * 4 + c] = ((input[p * channels + from]! - low) / (high - low)) * 255
    }
    data[p * 4 + 3] = 255
  }
  return { width, height, data }
}
