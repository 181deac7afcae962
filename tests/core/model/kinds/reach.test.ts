/** Compares what `reach` says with the inputs that really enter an output, along one axis. */
import { expect, it } from 'vitest'
import { kindOf } from '../../../../src/core/model/kinds/index.ts'
import type { MatMul, Operation, Shape } from '../../../../src/core/model/network.ts'

const linear = { bias: false, activation: { fn: 'linear' } } as const

/** For each output unit: the inputs that have a weight in it. */
type Sources = (length: number, output: number) => readonly (readonly number[])[]

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i)
const around = (place: number, length: number): number[] => {
  const clamp = (n: number): number => Math.min(Math.max(n, 0), length - 1)
  return [clamp(Math.floor(place)), clamp(Math.ceil(place))]
}

/** Units without any input are left out of the comparison. */
const cases: [string, Operation, Sources][] = []

for (const to of [3, 5, 7, 12, 14, 21])
  for (const centers of ['half-pixel', 'align-corners', 'top-left'] as const) {
    const place = (o: number, length: number): number =>
      centers === 'half-pixel'
        ? ((o + 0.5) * length) / to - 0.5
        : centers === 'top-left'
          ? (o * length) / to
          : (o * (length - 1)) / (to - 1)
    cases.push([
      `bilinear to ${to}, ${centers}`,
      { kind: 'resize', to: [to, to], interpolation: 'bilinear', centers },
      (length) => range(to).map((o) => around(Math.round(place(o, length) * 1e9) / 1e9, length)),
    ])
    const taken = (o: number, length: number): number =>
      centers === 'top-left' ? Math.floor(place(o, length)) : Math.floor(place(o, length) + 0.5)
    cases.push([
      `nearest to ${to}, ${centers}`,
      { kind: 'resize', to: [to, to], interpolation: 'nearest', centers },
      (length) => range(to).map((o) => [taken(o, length)]),
    ])
  }

for (const factor of [2, 3]) {
  cases.push([
    `upsampled ${factor} times, nearest`,
    { kind: 'upsample', size: [factor, factor], interpolation: 'nearest' },
    (length) => range(length * factor).map((o) => [Math.floor(o / factor)]),
  ])
  cases.push([
    `upsampled ${factor} times, bilinear`,
    { kind: 'upsample', size: [factor, factor], interpolation: 'bilinear' },
    (length) => range(length * factor).map((o) => around((o + 0.5) / factor - 0.5, length)),
  ])
}

for (const block of [2, 3])
  cases.push([
    `channels spread over squares of ${block}`,
    { kind: 'depthToSpace', block },
    (length) => range(length * block).map((o) => [Math.floor(o / block)]),
  ])

for (const padding of ['valid', 'same'] as const)
  for (const [kernel, stride, dilation] of [
    [3, 2, 1],
    [2, 2, 1],
    [4, 3, 1],
    [2, 3, 1],
    [3, 1, 2],
  ] as const)
    cases.push([
      `transposed, ${padding}, kernel ${kernel}, stride ${stride}, dilation ${dilation}`,
      {
        kind: 'transposedConv',
        filters: 1,
        kernel: [kernel, kernel],
        strides: [stride, stride],
        dilation: [dilation, dilation],
        padding,
        outputPadding: null,
        ...linear,
      },
      (length, output) => {
        // Each input enters the window of outputs that the reverse convolution would read for it.
        const total = Math.max((length - 1) * stride + (kernel - 1) * dilation + 1 - output, 0)
        const before = padding === 'same' ? Math.floor(total / 2) : 0
        // The holes of a dilated kernel count too, as everywhere.
        const span = (kernel - 1) * dilation + 1
        return range(output).map((o) =>
          range(length).filter((i) => range(span).some((k) => i * stride - before + k === o)),
        )
      },
    ])

for (const mode of ['reflect', 'symmetric'] as const)
  cases.push([
    `padded, ${mode}`,
    { kind: 'pad', rows: [3, 2], columns: [3, 2], mode, value: 0 },
    (length) => {
      const mirrored = mode === 'reflect' ? 0 : 1
      return range(length + 5).map((o) => {
        const i = o - 3
        return [i < 0 ? -i - mirrored : i < length ? i : 2 * (length - 1) - i + mirrored]
      })
    },
  ])

for (const mode of ['edge', 'wrap'] as const)
  cases.push([
    `padded, ${mode}`,
    { kind: 'pad', rows: [3, 2], columns: [3, 2], mode, value: 0 },
    (length) =>
      range(length + 5).map((o) =>
        mode === 'edge' ? [Math.min(Math.max(o - 3, 0), length - 1)] : [(o - 3 + length) % length],
      ),
  ])

for (const [before, after, stride] of [
  [1, 1, 2],
  [0, 3, 1],
  [2, 0, 3],
] as const)
  cases.push([
    `a window of 3 in steps of ${stride} with margins of ${before} and ${after}`,
    {
      kind: 'pool',
      reduce: 'max',
      kernel: [3, 3],
      strides: [stride, stride],
      padding: { rows: [before, after], columns: [before, after] },
    },
    (length, output) =>
      range(output).map((o) =>
        range(length).filter((i) => range(3).some((k) => o * stride - before + k === i)),
      ),
  ])

it.each(cases)('%s', (_, op, sources) => {
  const length = 7
  // 36 channels can be rearranged to blocks of 2 and of 3.
  const inputs: readonly Shape[] = [[length, length, 36]]
  const output = kindOf(op).shape(op, inputs)
  for (const axis of [0, 1] as const) {
    const entering = sources(length, output[axis]!)
    expect(entering).toHaveLength(output[axis]!)
    for (const [first, from] of entering.entries())
      for (let end = first + 1; end <= entering.length; end++) {
        const inside = entering.slice(first, end).flat()
        if (from.length === 0 || entering[end - 1]!.length === 0) continue
        const reach = kindOf(op).reach(op, { axis, input: 0, inputs, output }, [first, end])
        if (typeof reach === 'string') throw new Error(`reach is ${reach}`)
        const clipped = [Math.max(reach[0], 0), Math.min(reach[1], length)]
        expect(clipped, `${first} to ${end}`).toEqual([Math.min(...inside), Math.max(...inside) + 1])
      }
  }
})

it('a window behind a stride larger than the kernel names the input before the gap', () => {
  const op = {
    kind: 'transposedConv',
    filters: 1,
    kernel: [2, 2],
    strides: [3, 3],
    dilation: [1, 1],
    padding: 'valid',
    outputPadding: null,
    ...linear,
  } as const
  expect(
    kindOf(op).reach(op, { axis: 0, input: 0, inputs: [[4, 4, 1]], output: [12, 12, 1] }, [2, 3]),
  ).toEqual([0, 1])
})

it.each<readonly [string, Shape, Shape, 0 | 1, unknown]>([
  ['a map of the same size', [4, 5, 2], [4, 5, 2], 0, [2, 3]],
  ['one value a channel', [1, 1, 2], [4, 5, 2], 0, 'context'],
  ['a vector', [2], [4, 5, 2], 1, 'context'],
  ['one row', [1, 5, 2], [4, 5, 2], 0, [0, 1]],
  ['one row, along the columns', [1, 5, 2], [4, 5, 2], 1, [2, 3]],
  ['one value where there is one', [1, 1, 2], [1, 1, 2], 0, [2, 3]],
])('of %s in a sum', (_, small, output, axis, expected) => {
  const op = { kind: 'merge', fn: 'add' } as const
  expect(kindOf(op).reach(op, { axis, input: 1, inputs: [output, small], output }, [2, 3])).toEqual(expected)
})

it.each<readonly [Operation, Shape, boolean]>([
  [{ kind: 'groupNorm', groups: 1, epsilon: 1, scale: true, center: true }, [4, 4, 2], true],
  [{ kind: 'groupNorm', groups: 1, epsilon: 1, scale: true, center: true }, [2], false],
  [{ kind: 'layerNorm', axes: [2], epsilon: 1, scale: true, center: true, rms: false }, [4, 4, 2], false],
  [{ kind: 'layerNorm', axes: [1, 2], epsilon: 1, scale: true, center: true, rms: false }, [4, 4, 2], true],
  [{ kind: 'unitNorm', axes: [0] }, [4, 4, 2], true],
  [{ kind: 'unitNorm', axes: [2] }, [4, 4, 2], false],
])('statistics of the map: %j of %j', (op, input, expected) => {
  expect(kindOf(op).globalStatistics!(op, [input])).toBe(expected)
})

it.each<readonly [string, Operation, 0 | 1, readonly [number, number], unknown]>([
  ['every second row', { kind: 'slice', axis: 0, start: 1, step: 2, count: 3 }, 0, [1, 3], [3, 6]],
  [
    'every second row, along the columns',
    { kind: 'slice', axis: 0, start: 1, step: 2, count: 3 },
    1,
    [1, 3],
    [1, 3],
  ],
  ['rows backwards', { kind: 'slice', axis: 0, start: 6, step: -1, count: 7 }, 0, [0, 2], [5, 7]],
  ['the mean of rows', { kind: 'reduce', fn: 'mean', axes: [0] }, 0, [0, 1], [0, 7]],
  ['the mean of rows, along the columns', { kind: 'reduce', fn: 'mean', axes: [0] }, 1, [2, 3], [2, 3]],
  ['the mean of channels', { kind: 'reduce', fn: 'mean', axes: [2] }, 0, [2, 3], [2, 3]],
  ['the sum of a map', { kind: 'reduce', fn: 'sum', axes: [0, 1] }, 0, [0, 1], 'whole'],
  [
    'channels in another order',
    { kind: 'rearrange', split: [7, 7, 6, 6], order: [0, 1, 3, 2], target: [7, 7, 36] },
    0,
    [2, 4],
    [2, 4],
  ],
  [
    'channels that become a square',
    { kind: 'rearrange', split: [7, 7, 3, 3, 4], order: [0, 2, 1, 3, 4], target: [21, 21, 4] },
    1,
    [2, 4],
    [0, 2],
  ],
  [
    'rows that become columns',
    { kind: 'rearrange', split: [7, 7, 36], order: [1, 0, 2], target: [7, 7, 36] },
    0,
    [2, 4],
    'whole',
  ],
])('of %s', (_, op, axis, units, expected) => {
  const inputs: readonly Shape[] = [[7, 7, 36]]
  const output = kindOf(op).shape(op, inputs)
  expect(kindOf(op).reach(op, { axis, input: 0, inputs, output }, units)).toEqual(expected)
})

it('squares that become channels are seen whole', () => {
  const op = {
    kind: 'rearrange',
    split: [4, 2, 3, 2, 5],
    order: [0, 2, 1, 3, 4],
    target: [4, 3, 20],
  } as const
  const edge = { axis: 0, input: 0, inputs: [[8, 6, 5]], output: [4, 3, 20] } as const
  expect(kindOf(op).reach(op, edge, [1, 3])).toEqual([2, 6])
})

it('attention mixes all places, a constant matrix those along its axis', () => {
  const map = [4, 6, 5]
  const product = (constant: MatMul['constant']): MatMul => ({
    kind: 'matMul',
    first: { split: [4, 6, 5], batch: [0], outer: [2], inner: [1] },
    second: { split: [6, 6], batch: [], outer: [1], inner: [0] },
    constant,
    order: [0, 2, 1],
    target: map,
  })
  const edge = (axis: 0 | 1) => ({ axis, input: 0, inputs: [map], output: map })
  const overColumns = product({ side: 'second', shape: [6, 6] })
  expect(kindOf(overColumns).shape(overColumns, [map])).toEqual(map)
  expect(kindOf<'matMul'>(overColumns).reach(overColumns, edge(0), [1, 3])).toEqual([1, 3])
  expect(kindOf<'matMul'>(overColumns).reach(overColumns, edge(1), [1, 3])).toBe('whole')
  expect(kindOf<'matMul'>(overColumns).reach(product(null), edge(0), [1, 3])).toBe('whole')
})

it('what is joined before a map moves its rows, tokens stay where the map was', () => {
  const joined = { kind: 'joinConstants', axis: 0, before: 2, after: 1, shape: [4, 6, 5] } as const
  expect(kindOf(joined).shape(joined, [[4, 6, 5]])).toEqual([7, 6, 5])
  const edge = { axis: 0, input: 0, inputs: [[4, 6, 5]], output: [7, 6, 5] } as const
  expect(kindOf(joined).reach(joined, edge, [2, 4])).toEqual([0, 2])
  const tokens = { ...joined, after: 0, shape: [24, 5] }
  expect(kindOf(tokens).shape(tokens, [[4, 6, 5]])).toEqual([26, 5])
  expect(kindOf(tokens).reach(tokens, { ...edge, output: [26, 5] }, [2, 4])).toEqual([2, 4])
})

it('maps side by side: a unit is in one of them, and hangs over the edge of the outer ones only', () => {
  const op = { kind: 'concat', axis: 1 } as const
  const inputs: readonly Shape[] = [
    [3, 5, 2],
    [4, 5, 2],
  ]
  const output = kindOf(op).shape(op, inputs)
  expect(output).toEqual([7, 5, 2])
  const reach = (input: number, units: readonly [number, number]): unknown =>
    kindOf(op).reach(op, { axis: 0, input, inputs, output }, units)
  expect([reach(0, [2, 5]), reach(1, [2, 5])]).toEqual([
    [2, 3],
    [0, 2],
  ])
  expect([reach(0, [-2, 1]), reach(1, [-2, 1])]).toEqual([
    [-2, 1],
    [0, 0],
  ])
  expect(kindOf(op).reach(op, { axis: 1, input: 1, inputs, output }, [2, 5])).toEqual([2, 5])
})

it('taps that lie apart leave out the last places before the edge', () => {
  const op = {
    kind: 'conv',
    filters: 1,
    groups: 1,
    kernel: [3, 3],
    strides: [2, 2],
    dilation: [2, 2],
    padding: { rows: [2, 2], columns: [2, 2] },
    ...linear,
  } as const
  const edge = { axis: 0, input: 0, inputs: [[20, 20, 1]], output: [10, 10, 1] } as const
  // Rows 16, 18 and 20, which is not there.
  expect(kindOf(op).reach(op, edge, [9, 10])).toEqual([16, 21])
  expect(kindOf(op).reachWithin!(op, edge, [9, 10])).toEqual([16, 19])
  expect(kindOf(op).reachWithin!(op, edge, [0, 1])).toEqual([0, 3])
})
