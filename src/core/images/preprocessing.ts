/**
 * @file From a picture's pixels to the numbers the network sees, as data. The default is the notebook's:
 * decode to RGB, drop alpha, `tf.image.resize` (bilinear, half-pixel centres, no antialias), divide by 255.
 */
import { appError } from '../errors.ts'

export interface Preprocessing {
  /** `bilinear` and `nearest` are those of `tf.image.resize`: half-pixel centres, no antialias. */
  readonly resize: 'bilinear' | 'nearest'
  /** What 0…255 is mapped to. */
  readonly scale: '0..1' | '-1..1' | '0..255'
  /** The picture is stretched to the model's size. */
  readonly fit: 'stretch'
  /** Colour under transparent pixels counts as it is; nothing is composited. */
  readonly alpha: 'drop'
}

export const notebookPreprocessing: Preprocessing = {
  resize: 'bilinear',
  scale: '0..1',
  fit: 'stretch',
  alpha: 'drop',
}

/** What each setting may be, the default first. */
export const preprocessingChoices = {
  resize: ['bilinear', 'nearest'],
  scale: ['0..1', '-1..1', '0..255'],
  fit: ['stretch'],
  alpha: ['drop'],
} as const satisfies { readonly [K in keyof Preprocessing]: readonly Preprocessing[K][] }

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
