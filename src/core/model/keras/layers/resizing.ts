/** @file Layers that give a map other rows and columns: padding, cropping, upsampling, resizing. */
import type { OperationOf, Pair } from '../../network.ts'
import type { LayerConfig } from './layerConfig.ts'
import type { LayerReader, LayerReaders } from './layerReader.ts'

/** https://keras.io/api/layers/reshaping_layers/zero_padding2d/ */
const zeroPadding: LayerReader = (config) => {
  config.dataFormat()
  return { kind: 'pad', mode: 'constant', value: 0, ...config.margins('padding') }
}

/** https://keras.io/api/layers/reshaping_layers/cropping2d/ */
const cropping: LayerReader = (config) => {
  config.dataFormat()
  return { kind: 'crop', ...config.margins('cropping') }
}

/**
 * https://keras.io/api/layers/preprocessing_layers/image_preprocessing/center_crop/: of an odd rest the larger part is
 * cut off at the end. A smaller map would be resized instead.
 */
const centerCrop: LayerReader = (config) => {
  config.dataFormat()
  const margins = (key: string, length: number): Pair => {
    const wanted = config.whole(key)
    if (wanted > length) config.refuse(key, wanted)
    const before = Math.floor((length - wanted) / 2)
    return [before, length - wanted - before]
  }
  const [height = 0, width = 0] = config.context.inputs?.[0] ?? []
  return { kind: 'crop', rows: margins('height', height), columns: margins('width', width) }
}

type Interpolation = OperationOf<'resize'>['interpolation']

/** Keras' other kinds of interpolation have no counterpart in tfjs. */
function interpolation(config: LayerConfig, fallback: Interpolation): Interpolation {
  return config.choice<Interpolation>('interpolation', ['nearest', 'bilinear'], fallback)
}

/** https://keras.io/api/layers/reshaping_layers/up_sampling2d/ */
const upsampling: LayerReader = (config) => {
  config.dataFormat()
  return {
    kind: 'upsample',
    size: config.pair('size', [2, 2]),
    interpolation: interpolation(config, 'nearest'),
  }
}

/** https://keras.io/api/layers/preprocessing_layers/image_preprocessing/resizing/; `Resize` is Keras 3's operation. */
const resized =
  (to: (config: LayerConfig) => Pair): LayerReader =>
  (config) => {
    config.dataFormat()
    config.only('crop_to_aspect_ratio', false)
    config.only('pad_to_aspect_ratio', false)
    config.only('antialias', false)
    // They fill what the two above would leave empty.
    config.ignore('fill_mode', 'fill_value', 'bounding_box_format')
    return {
      kind: 'resize',
      to: to(config),
      interpolation: interpolation(config, 'bilinear'),
      centers: 'half-pixel',
    }
  }

export const resizing: LayerReaders = {
  ZeroPadding2D: zeroPadding,
  Cropping2D: cropping,
  CenterCrop: centerCrop,
  UpSampling2D: upsampling,
  Resizing: resized((config) => [config.whole('height'), config.whole('width')]),
  Resize: resized((config) => config.pair('size')),
}
