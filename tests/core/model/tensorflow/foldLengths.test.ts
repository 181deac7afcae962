import { describe, expect, it } from 'vitest'
import type { Layer } from '../../../../src/core/model/network.ts'
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

/** The last layer of a graph in which these nodes follow an image. */
function lastOf(nodes: readonly NodeJson[], constants: Readonly<Record<string, Numbers>>): Layer {
  return readGraph({ nodes: [image, ...nodes], constants }).network.layers.at(-1)!
}

describe('lengths that are computed beforehand', () => {
  it('lengths that are taken apart and rounded, as for a map that is padded to full tiles', () => {
    const nodes = [
      node('shape', 'Shape', ['image']),
      node('each', 'Unpack', ['shape'], { num: whole(4) }),
      node('floats', 'Cast', ['each:1'], { DstT: type('DT_DOUBLE') }),
      node('tiles', 'Mul', ['floats', 'quarter']),
      node('full', 'Ceil', ['tiles']),
      node('ints', 'Cast', ['full'], { DstT: type('DT_INT32') }),
      node('rows', 'Mul', ['ints', 'four']),
      node('size', 'Pack', ['rows', 'each:2']),
      node('large', 'ResizeBilinear', ['image', 'size']),
    ]
    const constants = { quarter: { shape: [], values: [0.25] }, four: int(4) }
    expect(lastOf(nodes, constants)).toMatchObject({ shape: [12, 8, 3] })
  })

  it('a Range of the lengths of a map', () => {
    const nodes = [
      node('shape', 'Shape', ['image']),
      node('rows', 'Gather', ['shape', 'one']),
      node('count', 'Range', ['zero', 'rows', 'one']),
      node('last', 'GatherV2', ['count', 'eight', 'zero']),
      node('size', 'Pack', ['last', 'last']),
      node('small', 'ResizeBilinear', ['image', 'size']),
    ]
    expect(lastOf(nodes, { zero: int(0), one: int(1), eight: int(8) })).toMatchObject({ shape: [8, 8, 3] })
  })

  it('a product of lengths, as older networks flatten a map', () => {
    const nodes = [
      node('shape', 'Shape', ['image']),
      node('sides', 'StridedSlice', ['shape', 'from', 'to', 'step']),
      node('count', 'Prod', ['sides', 'zero']),
      node('target', 'Pack', ['open', 'count']),
      node('flat', 'Reshape', ['image', 'target']),
    ]
    const constants = { from: ints(1), to: ints(4), step: ints(1), zero: ints(0), open: int(-1) }
    expect(lastOf(nodes, constants)).toMatchObject({ op: { kind: 'flatten' }, shape: [9 * 8 * 3] })
  })
})
