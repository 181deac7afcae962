/**
 * @file Proves a patch: all pixels outside of its box are replaced by noise, the network runs again, and the unit's
 * activation must not change. On WASM Winograd's convolutions are left out: their tiles are larger than a unit's box, so
 * the noise would change how they round.
 */
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import { seededRandom } from '../../core/seededRandom.ts'
import type { MapShape, Pair } from '../../core/model/network.ts'
import type { Box } from '../../core/model/receptiveField.ts'
import type { PixelReader } from '../images/decodeImage.ts'
import type { ImageHandle } from '../images/imageHandle.ts'
import { inputOfPixels, pictureInput } from '../images/pictureInput.ts'
import { withoutWinograd } from '../backend/kernels/convolution/choice.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'
import { type ChannelMap, channelMap } from './channelMap.ts'

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
  const input = await pictureInput(handle, inputShape, preprocessing, reader)
  const map = (data: Float32Array): Promise<ChannelMap> =>
    withoutWinograd(() => channelMap(network, data, layer, channel))
  const noised = noiseLike(inputShape, preprocessing, seed)
  keepInside(noised, input, box, inputShape)
  const [before, after] = [await map(input), await map(noised)]
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
  return inputOfPixels({ width, height, data }, inputShape, preprocessing)
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

/** Turns the network's input back into bytes, whatever the preprocessing maps black and white to. */
function pictureOf(
  input: Float32Array,
  inputShape: MapShape,
  preprocessing: Preprocessing,
): PatchProof['noised'] {
  const [height, width, channels] = inputShape
  const uniform = (value: number): Float32Array =>
    inputOfPixels(
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
