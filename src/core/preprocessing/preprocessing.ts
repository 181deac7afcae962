/**
 * @file From a picture's pixels to the numbers the network sees, as data. The default is the notebook's:
 * decode to RGB, drop alpha, `tf.image.resize` (bilinear, half-pixel centres, no antialias), divide by 255.
 */
import { appError } from '../errors.ts'

export interface Preprocessing {
  /**
   * `bilinear`: `tf.image.resize`, half-pixel centres, no antialias. `nearest`: PIL's NEAREST, the default of
   * `keras.utils.load_img`. The others are PIL's antialiased BILINEAR, BICUBIC and LANCZOS.
   */
  readonly resize: 'bilinear' | 'nearest' | 'pillow-bilinear' | 'pillow-bicubic' | 'pillow-lanczos'
  /**
   * `stretch`: as the notebook. `crop`: the centre part of the model's aspect ratio, then resized
   * (`keras.utils.image_dataset_from_directory(crop_to_aspect_ratio=True)`). `resize-crop`: the shorter side to the
   * model's size / `cropFraction`, then the centre (torchvision's Resize and CenterCrop). `pad`:
   * `tf.image.resize_with_pad`.
   */
  readonly fit: 'stretch' | 'crop' | 'resize-crop' | 'pad'
  /** Of `resize-crop`: what part of the resized picture's shorter side is seen, 0…1; 224 of 256 is 0.875. */
  readonly cropFraction: number
  /** What 0…255 is mapped to. */
  readonly scale: '0..1' | '-1..1' | '0..255'
  /** Taken off after scaling: nothing, one number, or one for each channel in the network's order. */
  readonly mean: readonly number[]
  /** What is divided by afterwards, in the same form. */
  readonly std: readonly number[]
  /** Order of the network's three channels; `grey`: the grey value thrice. */
  readonly channels: 'rgb' | 'bgr' | 'grey'
  /** How grey is made of colour: as `tf.image.rgb_to_grayscale`, or as PIL's `convert('L')`. */
  readonly grey: 'tensorflow' | 'pillow'
  /** Colour under transparent pixels counts as it is; nothing is composited. */
  readonly alpha: 'drop'
  /** EXIF orientation: ignored as Python does, or applied as a photo viewer does. */
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

/**
 * Throws `setting/channels` where `mean` or `std` have a number for each channel, but the network has other channels.
 */
export function checkChannels(preprocessing: Preprocessing, channels: number): void {
  for (const setting of ['mean', 'std'] as const) {
    const { length } = preprocessing[setting]
    if (length > 1 && length !== channels) throw appError('setting/channels', { setting, length, channels })
  }
}

export function sameSettings(a: Preprocessing, b: Preprocessing): boolean {
  return (Object.keys(a) as (keyof Preprocessing)[]).every((name) => String(a[name]) === String(b[name]))
}
