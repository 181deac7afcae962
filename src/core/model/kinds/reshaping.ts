/** Layers that move, cut or join what is there: Flatten, ZeroPadding2D, Cropping2D, Concatenate, Add. */
import { size, type Shape } from '../network.ts'
import { formatShape, lastAxis, mapShape, samePlace, type LayerKind } from './kind.ts'

export const flatten: LayerKind<'flatten'> = {
  kind: 'flatten',
  classNames: ['Flatten'],
  parse(config) {
    config.only('data_format', 'channels_last')
    return { kind: 'flatten' }
  },
  shape: (_, inputs) => [size(inputs[0]!)],
  weights: () => [],
  reach: () => 'whole',
  pointless: 'the layer before it as one vector',
}

export const pad: LayerKind<'pad'> = {
  kind: 'pad',
  classNames: ['ZeroPadding2D'],
  parse(config) {
    config.only('data_format', 'channels_last')
    return { kind: 'pad', ...config.margins('padding') }
  },
  shape(op, inputs) {
    const [height, width, channels] = mapShape(inputs)
    return [height + op.rows[0] + op.rows[1], width + op.columns[0] + op.columns[1], channels]
  },
  weights: () => [],
  reach: (op, axis) => ({ size: 1, stride: 1, before: (axis === 0 ? op.rows : op.columns)[0] }),
}

export const crop: LayerKind<'crop'> = {
  kind: 'crop',
  classNames: ['Cropping2D'],
  parse(config) {
    config.only('data_format', 'channels_last')
    return { kind: 'crop', ...config.margins('cropping') }
  },
  shape(op, inputs) {
    const [height, width, channels] = mapShape(inputs)
    const rows = height - op.rows[0] - op.rows[1]
    const columns = width - op.columns[0] - op.columns[1]
    if (rows < 1 || columns < 1) throw new Error(`it cuts off more than the ${height}×${width} there are`)
    return [rows, columns, channels]
  },
  weights: () => [],
  reach: (op, axis) => ({ size: 1, stride: 1, before: -(axis === 0 ? op.rows : op.columns)[0] }),
}

export const add: LayerKind<'add'> = {
  kind: 'add',
  classNames: ['Add'],
  parse: () => ({ kind: 'add' }),
  shape(_, inputs) {
    if (inputs.some((shape) => formatShape(shape) !== formatShape(inputs[0]!)))
      throw new Error(`it adds ${inputs.map(formatShape).join(' and ')}, which differ`)
    return inputs[0]!
  },
  weights: () => [],
  reach: () => samePlace,
}

export const concat: LayerKind<'concat'> = {
  kind: 'concat',
  classNames: ['Concatenate'],
  parse(config) {
    return { kind: 'concat', axis: config.axis('axis') }
  },
  shape(op, inputs) {
    lastAxis(op.axis, inputs)
    const place = (shape: Shape) => shape.slice(0, -1)
    if (inputs.some((shape) => formatShape(place(shape)) !== formatShape(place(inputs[0]!))))
      throw new Error(`it joins ${inputs.map(formatShape).join(' and ')}, which differ in size`)
    return [...place(inputs[0]!), inputs.reduce((sum, shape) => sum + shape.at(-1)!, 0)]
  },
  weights: () => [],
  reach: () => samePlace,
}
