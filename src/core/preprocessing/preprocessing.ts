/**
 * @file The settings that lead from a picture's pixels to the numbers that the network sees, as plain data. The default
 * is what the exercise's notebook does: decode to RGB, drop alpha, `tf.image.resize` (bilinear, half-pixel centres, no
 * antialias), divide by 255.
 */
import { appError } from '../errors.ts'

export interface Preprocessing {
  /**
   * `bilinear`: `tf.image.resize`, half-pixel centres, no antialias. `nearest`: PIL's NEAREST, the default of
   * `keras.utils.load_img`. The others are PIL's antialiased BILINEAR, BICUBIC and LANCZOS.
   */
  readonly resize: 'bilinear' | 'nearest' | 'pillow-bilinear' | 'pillow-bicubic' | 'pillow-lanczos'
  /**
   * `stretch`: the whole picture is stretched to the input, as in the notebook. `crop`: the centre part with the input's
   * aspect ratio is cut out, then resized (`keras.utils.image_dataset_from_directory(crop_to_aspect_ratio=True)`).
   * `fastai-crop`: the same by fastai's arithmetic, and pixels outside of the part do not count at its edge (`Resize`).
   * `resize-crop`: the shorter side is resized to the input's size / `cropFraction`, then the centre is cut out
   * (torchvision's Resize and CenterCrop). `pad`: the whole picture is centred on black (`tf.image.resize_with_pad`).
   * `letterbox`: it is centred on grey of 114 (Ultralytics' LetterBox).
   */
  readonly fit: 'stretch' | 'crop' | 'fastai-crop' | 'resize-crop' | 'pad' | 'letterbox'
  /** For `resize-crop`: the part of the resized picture's shorter side that is seen, 0…1; 224 of 256 is 0.875. */
  readonly cropFraction: number
  /** The range that 0…255 is mapped to. */
  readonly scale: '0..1' | '-1..1' | '0..255'
  /** Subtracted after scaling: no number, one for all channels, or one per channel in the network's order. */
  readonly mean: readonly number[]
  /** The divisor after that, in the same form. */
  readonly std: readonly number[]
  /** The order of the network's three channels; `grey`: all three get the grey value. */
  readonly channels: 'rgb' | 'bgr' | 'grey'
  /** How colours become grey: as `tf.image.rgb_to_grayscale` does it, or as PIL's `convert('L')`. */
  readonly grey: 'tensorflow' | 'pillow'
  /** The colours of transparent pixels count as they are; nothing is composited. */
  readonly alpha: 'drop'
  /** The EXIF orientation is ignored, as in Python, or applied, as in a photo viewer. */
  readonly orientation: 'ignore' | 'apply'
}

export const notebookPreprocessing: Preprocessing = {
  resize: 'bilinear',
  fit: 'stretch',
  cropFraction: 1,
  scale: '0..1',
  mean: [],
  std: [],
  channels: 'rgb',
  grey: 'tensorflow',
  alpha: 'drop',
  orientation: 'ignore',
}

/** Throws `setting/channels` if `mean` or `std` have one number per channel, but not as many as the network has. */
export function checkChannels(preprocessing: Preprocessing, channels: number): void {
  for (const setting of ['mean', 'std'] as const) {
    const { length } = preprocessing[setting]
    if (length > 1 && length !== channels) throw appError('setting/channels', { setting, length, channels })
  }
}

export function sameSettings(a: Preprocessing, b: Preprocessing): boolean {
  return (Object.keys(a) as (keyof Preprocessing)[]).every((name) => String(a[name]) === String(b[name]))
}
