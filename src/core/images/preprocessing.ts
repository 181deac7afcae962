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

/** What each setting may be, the default first. */
export const preprocessingChoices = {
  resize: ['bilinear', 'nearest'],
  scale: ['0..1', '-1..1', '0..255'],
  fit: ['stretch'],
  alpha: ['drop'],
} as const satisfies { readonly [K in keyof Preprocessing]?: readonly Preprocessing[K][] }

/** Settings by name, as a project file or the command line gives them; throws `setting/unknown`. */
export function withSettings(settings: Readonly<Record<string, unknown>>): Preprocessing {
  for (const [setting, value] of Object.entries(settings)) {
    const choices: Readonly<Record<string, readonly string[]>> = preprocessingChoices
    const allowed: readonly unknown[] | undefined = Object.hasOwn(choices, setting)
      ? choices[setting]
      : undefined
    if (!allowed?.includes(value))
      throw appError('setting/unknown', {
        setting,
        value: String(value),
        allowed: allowed ? allowed.join(', ') : Object.keys(preprocessingChoices).join(', '),
      })
  }
  return { ...notebookPreprocessing, ...settings }
}

/** Exactly as float32 arithmetic in TensorFlow rounds it, once the result is stored in a Float32Array. */
export function scaleValue(value: number, scale: Preprocessing['scale']): number {
  if (scale === '0..1') return value / 255
  if (scale === '-1..1') return Math.fround(value / 127.5) - 1
  return value
}
