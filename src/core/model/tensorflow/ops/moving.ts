/** @file Operations that move or repeat numbers: padding, resizing, joining. */
import type { OperationOf, Pair } from '../../network.ts'
import type { NodeReading, OperationReader } from '../nodeReading.ts'
import { numbersOf, type TensorValue, type Value } from '../../dataflow/values.ts'
import { isMap } from '../../units.ts'
import { channelsLast, isNothing } from './windows.ts'

type Mode = OperationOf<'pad'>['mode']

function padded(reading: NodeReading, mode: Mode, value: number): Value {
  const input = reading.tensor(0)
  const all = numbersOf(reading.inputs[1])
  const pairs = Array.from({ length: all.length / 2 }, (_, axis): Pair => [
    all[2 * axis]!,
    all[2 * axis + 1]!,
  ])
  const [batch, rows, columns, channels] = pairs
  if (!isMap(input.shape) || !batch || !rows || !columns || !channels)
    throw new Error(`it pads [${input.shape.join(', ')}], which is no map`)
  if (batch.some((n) => n !== 0)) throw new Error('it adds images to the batch')
  const deep = channels.some((n) => n !== 0)
  if (deep && mode !== 'constant') throw new Error('it mirrors channels')
  if (isNothing({ rows, columns }) && !deep) return input
  const pad = { kind: 'pad', rows, columns, mode, value } as const
  if (!deep) return reading.layer(pad, [input])
  const around = isNothing({ rows, columns })
    ? input
    : reading.layer(pad, [input], [], { part: 'rows and columns' })
  return reading.layer({ kind: 'padChannels', before: channels[0], after: channels[1], value }, [around])
}

const mirror: OperationReader = (reading) => {
  const mode = reading.attributes.text('mode', 'REFLECT')
  if (mode !== 'REFLECT' && mode !== 'SYMMETRIC') reading.attributes.refuse('mode', mode)
  return padded(reading, mode === 'REFLECT' ? 'reflect' : 'symmetric', 0)
}

const resize =
  (interpolation: 'nearest' | 'bilinear'): OperationReader =>
  (reading) => {
    const { attributes } = reading
    const [rows, columns] = numbersOf(reading.inputs[1])
    const [half, corners] = [attributes.flag('half_pixel_centers'), attributes.flag('align_corners')]
    if (half && corners) attributes.refuse('half_pixel_centers', true)
    const centers = half ? 'half-pixel' : corners ? 'align-corners' : 'top-left'
    return reading.layer({ kind: 'resize', to: [rows!, columns!], interpolation, centers }, [
      reading.tensor(0),
    ])
  }

const concat: OperationReader = (reading) => {
  const inputs: TensorValue[] = reading.inputs.slice(0, -1).map((_, i) => reading.tensor(i))
  const [first] = inputs
  if (!first) throw new Error('it joins nothing')
  const rank = first.shape.length + 1
  const [axis] = numbersOf(reading.inputs.at(-1))
  const along = axis! < 0 ? axis! + rank : axis!
  if (along === 0) throw new Error('it joins images to one batch')
  return inputs.length === 1 ? first : reading.layer({ kind: 'concat', axis: along }, inputs)
}

const depthToSpace: OperationReader = (reading) => {
  channelsLast(reading)
  const block = reading.attributes.integer('block_size', 2)
  return reading.layer({ kind: 'depthToSpace', block }, [reading.tensor(0)])
}

export const moving: Readonly<Record<string, OperationReader>> = {
  Pad: (reading) => padded(reading, 'constant', 0),
  PadV2: (reading) => padded(reading, 'constant', numbersOf(reading.inputs[2])[0]!),
  MirrorPad: mirror,
  ResizeBilinear: resize('bilinear'),
  ResizeNearestNeighbor: resize('nearest'),
  ConcatV2: concat,
  DepthToSpace: depthToSpace,
}
