/** @file UpSampling2D and Resizing: which input pixels an output pixel is taken or mixed from. */
import type { OperationOf } from '../network.ts'
import { type Interval, mapShape, type LayerKind } from './kind.ts'
import type { LayerConfig } from '../keras/layers/layerConfig.ts'

type Interpolation = 'nearest' | 'bilinear'
type Centers = OperationOf<'resize'>['centers']

/** Keras' other kinds of interpolation have no counterpart in tfjs. */
function readInterpolation(config: LayerConfig, fallback: Interpolation): Interpolation {
  return config.choice<Interpolation>('interpolation', ['nearest', 'bilinear'], fallback)
}

/** https://keras.io/api/layers/reshaping_layers/up_sampling2d/ */
export const upsample: LayerKind<'upsample'> = {
  kind: 'upsample',
  classNames: ['UpSampling2D'],
  parse(config) {
    config.dataFormat()
    return {
      kind: 'upsample',
      size: config.pair('size', [2, 2]),
      interpolation: readInterpolation(config, 'nearest'),
    }
  },
  shape(op, inputs) {
    const [height, width, channels] = mapShape(inputs)
    return [height * op.size[0], width * op.size[1], channels]
  },
  weights: () => [],
  reach(op, { axis }, interval) {
    return op.interpolation === 'nearest'
      ? [Math.floor(interval[0] / op.size[axis]), Math.floor((interval[1] - 1) / op.size[axis]) + 1]
      : mixed('half-pixel', 1, op.size[axis], interval)
  },
}

/** https://keras.io/api/layers/preprocessing_layers/image_preprocessing/resizing/ */
export const resize: LayerKind<'resize'> = {
  kind: 'resize',
  classNames: ['Resizing', 'Resize'],
  parse(config) {
    config.dataFormat()
    config.only('crop_to_aspect_ratio', false)
    config.only('pad_to_aspect_ratio', false)
    config.only('antialias', false)
    // They fill what the two above would leave empty.
    config.ignore('fill_mode', 'fill_value', 'bounding_box_format')
    return {
      kind: 'resize',
      to:
        config.className === 'Resize'
          ? config.pair('size')
          : [config.number('height'), config.number('width')],
      interpolation: readInterpolation(config, 'bilinear'),
      centers: 'half-pixel',
    }
  },
  shape: (op, inputs) => [...op.to, mapShape(inputs)[2]],
  weights: () => [],
  reach(op, { axis, inputs }, interval) {
    const from = inputs[0]![axis]!
    const to = op.to[axis]
    return op.interpolation === 'nearest'
      ? [nearest(op.centers, from, to, interval[0]), nearest(op.centers, from, to, interval[1] - 1) + 1]
      : mixed(op.centers, from, to, interval)
  },
}

/** The pixel that TensorFlow takes, with its rounding: in 32 bits, where a half may fall to either side. */
function nearest(centers: Centers, from: number, to: number, unit: number): number {
  const f = Math.fround
  if (centers === 'half-pixel') return Math.floor(f(f(unit + 0.5) * f(from / to)))
  if (centers === 'top-left') return Math.floor(f(unit * f(from / to)))
  const scale = to > 1 ? f((from - 1) / (to - 1)) : 0
  return Math.floor(f(f(unit * scale) + 0.5))
}

/** The pixels around the place of each unit, in whole numbers; those that it hits exactly stand alone. */
function mixed(centers: Centers, from: number, to: number, [first, end]: Interval): Interval {
  const place = (unit: number): readonly [number, number] => {
    if (centers === 'half-pixel') return [(2 * unit + 1) * from - to, 2 * to]
    if (centers === 'top-left') return [unit * from, to]
    return [unit * (from - 1), Math.max(to - 1, 1)]
  }
  const [low, lowScale] = place(first)
  const [high, highScale] = place(end - 1)
  return [Math.floor(low / lowScale), Math.ceil(high / highScale) + 1]
}
