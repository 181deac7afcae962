/** @file Convolutions of constants: position embeddings that are computed when the model runs, and are the same for every image. */
import { computed, type OnnxConstant } from './constants.ts'
import type { NodeReading } from './nodeReading.ts'
import { windowOf } from './ops/windows.ts'

function conv(reading: NodeReading): OnnxConstant {
  const [map, filter] = [reading.constant(0), reading.constant(1)]
  if (map.shape.length !== 4 || filter.shape.length !== 4) throw new Error('it needs a map of four axes')
  const [images, channels, height, width] = map.shape as [number, number, number, number]
  const [filters, depth, tall, wide] = filter.shape as [number, number, number, number]
  const groups = reading.attributes.number('group', 1)
  if (channels !== depth * groups)
    throw new Error(`its kernel is for ${depth * groups} channels, and ${channels} come in`)
  const { strides, dilation, margins } = windowOf(reading, [tall, wide], [height, width])
  const lengthOf = (axis: 0 | 1): number => {
    const [before, after] = axis === 0 ? margins.rows : margins.columns
    const span = ([tall, wide][axis]! - 1) * dilation[axis] + 1
    return Math.floor(([height, width][axis]! + before + after - span) / strides[axis]) + 1
  }
  const [rows, columns] = [lengthOf(0), lengthOf(1)]
  const bias = reading.inputs[2] ? [reading.constant(2)] : []
  return computed([images, filters, rows, columns], map.type, [map, filter, ...bias], ([x, w, b]) => {
    const y = new Float64Array(images * filters * rows * columns)
    let to = 0
    for (let image = 0; image < images; image++)
      for (let out = 0; out < filters; out++)
        for (let row = 0; row < rows; row++)
          for (let column = 0; column < columns; column++) {
            let sum = b ? b[out]! : 0
            const base = Math.floor(out / (filters / groups)) * depth
            for (let d = 0; d < depth; d++)
              for (let i = 0; i < tall; i++) {
                const from = row * strides[0] + i * dilation[0] - margins.rows[0]
                if (from < 0 || from >= height) continue
                for (let j = 0; j < wide; j++) {
                  const at = column * strides[1] + j * dilation[1] - margins.columns[0]
                  if (at < 0 || at >= width) continue
                  const place = ((image * channels + base + d) * height + from) * width + at
                  sum += x![place]! * w![((out * depth + d) * tall + i) * wide + j]!
                }
              }
            y[to++] = sum
          }
    return y
  })
}

export const convolvedConstants = { Conv: conv } as const
