/**
 * @file The name, the allowed values and the texts of each preprocessing setting, as data: the command line, project
 * files and the form on the page are all made from this table. The defaults are `notebookPreprocessing`.
 */
import type { Preprocessing } from './preprocessing.ts'

interface Described {
  readonly label: string
  /** One sentence for the form: what it does, and when it matters. */
  readonly hint: string
}

export interface ChoiceSetting<Value extends string = string> extends Described {
  readonly kind: 'choice'
  readonly choices: readonly { readonly value: Value; readonly label: string }[]
}

/** A number above `above`, up to `max`. */
export interface NumberSetting extends Described {
  readonly kind: 'number'
  readonly above: number
  readonly max: number
}

/** A list of numbers: none, one for all channels, or one per channel. */
export interface NumbersSetting extends Described {
  readonly kind: 'numbers'
  /** Whether 0 is allowed. */
  readonly zero: boolean
}

export type Setting = ChoiceSetting | NumberSetting | NumbersSetting

/** The tuples keep the type from distributing, so that a union of choices stays one setting. */
type SettingFor<Value> = [Value] extends [string]
  ? ChoiceSetting<Value>
  : [Value] extends [number]
    ? NumberSetting
    : NumbersSetting

/** The lengths that the lists `mean` and `std` may have. */
export const numberCounts: readonly number[] = [0, 1, 3, 4]

export const preprocessingSettings: {
  readonly [K in keyof Preprocessing]: SettingFor<Preprocessing[K]>
} = {
  scale: {
    kind: 'choice',
    label: 'Pixel range',
    hint: 'What the bytes 0…255 become. Choose 0…255 where the model has a Rescaling layer of its own.',
    choices: [
      { value: '0..1', label: '0…1' },
      { value: '-1..1', label: '−1…1' },
      { value: '0..255', label: '0…255' },
    ],
  },
  resize: {
    kind: 'choice',
    label: 'Resize',
    hint: 'How pixels are made when a picture has another size than the input.',
    choices: [
      { value: 'bilinear', label: 'Bilinear (TensorFlow)' },
      { value: 'nearest', label: 'Nearest (load_img)' },
      { value: 'pillow-bilinear', label: 'Bilinear, antialiased (Pillow)' },
      { value: 'pillow-bicubic', label: 'Bicubic, antialiased (Pillow)' },
      { value: 'pillow-lanczos', label: 'Lanczos, antialiased (Pillow)' },
    ],
  },
  fit: {
    kind: 'choice',
    label: 'Fit',
    hint: 'What becomes of a picture whose shape is not that of the input.',
    choices: [
      { value: 'stretch', label: 'Stretch' },
      { value: 'crop', label: 'Crop the centre, then resize' },
      { value: 'fastai-crop', label: 'Crop the centre as fastai does' },
      { value: 'resize-crop', label: 'Resize, then crop the centre' },
      { value: 'pad', label: 'Pad with black' },
      { value: 'letterbox', label: 'Pad with grey (letterbox)' },
    ],
  },
  cropFraction: {
    kind: 'number',
    label: 'Crop fraction',
    hint: 'For resize, then crop: the input’s size over the size that the shorter side gets, such as 0.875 for 224 of 256.',
    above: 0,
    max: 1,
  },
  mean: {
    kind: 'numbers',
    label: 'Mean',
    hint: 'Taken off after the pixel range: one number, or one a channel in the order of the network.',
    zero: true,
  },
  std: {
    kind: 'numbers',
    label: 'Standard deviation',
    hint: 'Divided by after the mean is taken off: one number, or one a channel in the order of the network.',
    zero: false,
  },
  channels: {
    kind: 'choice',
    label: 'Channels',
    hint: 'What the network gets in its three channels.',
    choices: [
      { value: 'rgb', label: 'Red, green, blue' },
      { value: 'bgr', label: 'Blue, green, red' },
      { value: 'grey', label: 'Grey in all three' },
    ],
  },
  grey: {
    kind: 'choice',
    label: 'Grey',
    hint: 'How grey is made of colour, for networks of one channel and for grey in all three.',
    choices: [
      { value: 'tensorflow', label: 'After resizing (TensorFlow)' },
      { value: 'pillow', label: 'Before resizing (Pillow)' },
    ],
  },
  alpha: {
    kind: 'choice',
    label: 'Transparency',
    hint: 'Colours under transparent pixels count as they are in the file, as in Python.',
    choices: [{ value: 'drop', label: 'Dropped' }],
  },
  orientation: {
    kind: 'choice',
    label: 'EXIF orientation',
    hint: 'Python ignores how the camera was held; a photo viewer does not.',
    choices: [
      { value: 'ignore', label: 'Ignored, as in Python' },
      { value: 'apply', label: 'Applied' },
    ],
  },
}
