/** @file A decoded picture to its place in a batch: resize, grey or alpha where the model wants it, scale. */
import { type Preprocessing, scaleValue } from './preprocessing.ts'
import { resizeBilinear, resizeNearest } from './resize.ts'

/** RGBA, `[height, width, 4]`, not premultiplied. */
export interface Pixels {
  readonly data: Uint8ClampedArray | Uint8Array
  readonly width: number
  readonly height: number
}

/** Weights of `tf.image.rgb_to_grayscale`. */
const greyWeights = [0.2989, 0.587, 0.114] as const

/** Writes `[H, W, C]` floats of `inputShape` into `target`, from `offset` on. */
export function writeInput(
  pixels: Pixels,
  inputShape: readonly [number, number, number],
  preprocessing: Preprocessing,
  target: Float32Array,
  offset: number,
): void {
  const [height, width, channels] = inputShape
  const resize = preprocessing.resize === 'bilinear' ? resizeBilinear : resizeNearest
  const { data } = pixels
  const { scale } = preprocessing
  let o = offset
  if (pixels.height === height && pixels.width === width && channels === 3) {
    for (let i = 0; i < data.length; i += 4) {
      target[o++] = scaleValue(data[i]!, scale)
      target[o++] = scaleValue(data[i + 1]!, scale)
      target[o++] = scaleValue(data[i + 2]!, scale)
    }
    return
  }
  const resized = resize(data, pixels.height, pixels.width, height, width, channels === 4 ? 4 : 3)
  if (channels === 3 || channels === 4) {
    for (let i = 0; i < resized.length; i++) target[o++] = scaleValue(resized[i]!, scale)
    return
  }
  for (let i = 0; i < resized.length; i += 3)
    target[o++] = scaleValue(grey(resized[i]!, resized[i + 1]!, resized[i + 2]!), scale)
}

/** A grey pixel stays what it is: TensorFlow's weights sum up to 0.9999. */
function grey(red: number, green: number, blue: number): number {
  if (red === green && green === blue) return red
  const [r, g, b] = greyWeights
  return Math.fround(red * r + green * g + blue * b)
}
