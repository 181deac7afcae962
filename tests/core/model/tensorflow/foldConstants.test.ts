import { describe, expect, it } from 'vitest'
import {
  int,
  ints,
  node,
  type NodeJson,
  type Numbers,
  placeholder,
  readGraph,
  type,
  whole,
} from '../../../fixtures/graphs.ts'

const image = placeholder('image', -1, 9, 8, 3)

describe('constants that are computed beforehand', () => {
  const folded = (nodes: readonly NodeJson[], constants: Readonly<Record<string, Numbers>>): unknown => {
    const graph = readGraph({
      nodes: [image, ...nodes, node('sum', 'Mul', ['image', 'made'])],
      constants: { zero: int(0), one: int(1), two: int(2), ...constants },
    })
    expect(graph.network.layers.at(-1)).toMatchObject({ name: 'sum', op: { kind: 'withConstant' } })
    return [...graph.constants.at(-1)![0]!.floats()!]
  }
  const list = (...values: number[]): Numbers => ({ shape: [values.length], values })

  it.each<readonly [string, readonly NodeJson[], Readonly<Record<string, Numbers>>, readonly number[]]>([
    ['Range', [node('made', 'Range', ['one', 'seven', 'two'])], { seven: int(7) }, [1, 3, 5]],
    [
      'Range backwards',
      [node('made', 'Range', ['two', 'less', 'back'])],
      { less: int(-1), back: int(-1) },
      [2, 1, 0],
    ],
    [
      'GatherV2 of rows, by a Range',
      [
        node('rows', 'Range', ['zero', 'two', 'one']),
        node('some', 'GatherV2', ['table', 'rows', 'zero']),
        node('made', 'GatherV2', ['some', 'one', 'zero']),
      ],
      { table: { shape: [3, 3], values: [1, 2, 3, 4, 5, 6, 7, 8, 9] } },
      [4, 5, 6],
    ],
    [
      'GatherV2 of columns',
      [
        node('some', 'GatherV2', ['table', 'columns', 'one']),
        node('made', 'GatherV2', ['some', 'one', 'zero']),
      ],
      { table: { shape: [2, 4], values: [1, 2, 3, 4, 5, 6, 7, 8] }, columns: ints(3, 0, 2) },
      [8, 5, 7],
    ],
    [
      'Pack and ConcatV2',
      [
        node('pair', 'Pack', ['one', 'two'], { axis: whole(0) }),
        node('made', 'ConcatV2', ['pair', 'more', 'zero']),
      ],
      { more: list(0.5) },
      [1, 2, 0.5],
    ],
    [
      'Cast to whole numbers',
      [node('made', 'Cast', ['parts'], { DstT: type('DT_INT32') })],
      { parts: list(1.75, -1.75, 3) },
      [1, -1, 3],
    ],
  ])('%s', (_, nodes, constants, values) => {
    expect(folded(nodes, constants)).toEqual(values)
  })
})
