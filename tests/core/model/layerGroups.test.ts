/** Layers grouped by the paths in their names, in their order. */
import { describe, expect, it } from 'vitest'
import { closedAtFirst, groupLayers, rowsOf } from '../../../src/core/model/layerGroups.ts'

const resnet = [
  'input',
  'conv1',
  'layer1.0.conv1',
  'layer1.0.relu',
  'layer1.1.conv1',
  'layer1.1.relu',
  'layer1.1.relu (copy)',
  'layer2.0.conv1',
  'fc',
]

const told = (names: readonly string[]) =>
  groupLayers(names).map(({ path, depth, first, end }) => `${depth} ${path} ${first}-${end}`)

/** The rows as text, with their depth before them. */
function rows(names: readonly string[], ...closed: string[]): string[] {
  const groups = groupLayers(names)
  const keys = groups.filter(({ path }) => closed.includes(path)).map(({ key }) => key)
  return rowsOf(names.length, groups, new Set(keys)).map((row) =>
    row.kind === 'group'
      ? `${row.group.depth} [${row.group.path.slice(row.group.pathLength)}]${row.isOpen ? '' : ' closed'}`
      : `${row.depth} ${names[row.index]!.slice(row.pathLength)}`,
  )
}

describe('groups', () => {
  it('are the modules of PyTorch with more than one layer', () => {
    expect(told(resnet)).toEqual(['0 layer1 2-7', '1 layer1.0 2-4', '1 layer1.1 4-7'])
  })

  it('are the nested models of Keras', () => {
    expect(told(['image', 'backbone/a', 'backbone/b', 'head/x/c', 'head/x/d', 'out'])).toEqual([
      '0 backbone 1-3',
      '0 head/x 3-5',
    ])
  })

  it('are several if other layers lie between', () => {
    expect(told(['a.x', 'a.y', 'b', 'a.z', 'a.w'])).toEqual(['0 a 0-2', '0 a 3-5'])
    expect(new Set(groupLayers(['a.x', 'a.y', 'b', 'a.z', 'a.w']).map(({ key }) => key)).size).toBe(2)
  })

  it('are none of what all share, and none without paths', () => {
    expect(told(['/model/a', '/model/b.0', '/model/b.1'])).toEqual(['0 /model/b 1-3'])
    expect(told(['conv2d', 'conv2d_1', '.', '/', 'a.'])).toEqual([])
  })
})

describe('rows', () => {
  it('show each layer by what its group does not say', () => {
    expect(rows(resnet)).toEqual([
      '0 input',
      '0 conv1',
      '0 [layer1]',
      '1 [0]',
      '2 conv1',
      '2 relu',
      '1 [1]',
      '2 conv1',
      '2 relu',
      '2 relu (copy)',
      '0 layer2.0.conv1',
      '0 fc',
    ])
  })

  it('leave out what is closed', () => {
    expect(rows(resnet, 'layer1.0')).toEqual([
      '0 input',
      '0 conv1',
      '0 [layer1]',
      '1 [0] closed',
      '1 [1]',
      '2 conv1',
      '2 relu',
      '2 relu (copy)',
      '0 layer2.0.conv1',
      '0 fc',
    ])
    expect(rows(resnet, 'layer1', 'layer1.1')).toEqual([
      '0 input',
      '0 conv1',
      '0 [layer1] closed',
      '0 layer2.0.conv1',
      '0 fc',
    ])
    expect(rows(['a.x', 'a.y', 'b.x', 'b.y'], 'a', 'b')).toEqual(['0 [a] closed', '0 [b] closed'])
  })

  it('hold every layer once if all is open', () => {
    const shown = rowsOf(resnet.length, groupLayers(resnet), new Set())
    expect(shown.flatMap((row) => (row.kind === 'layer' ? [row.index] : []))).toEqual([...resnet.keys()])
  })
})

describe('at first', () => {
  const long = Array.from({ length: 100 }, (_, i) => `net.block${Math.floor(i / 10)}.conv${i % 10}`)
  const closed = (names: readonly string[], shown: number) => {
    const groups = groupLayers(names)
    const keys = closedAtFirst(groups, names.length, shown)
    return groups.filter(({ key }) => keys.has(key)).map(({ path }) => path)
  }

  it('short lists are open', () => {
    expect(closed(resnet, 0)).toEqual([])
  })

  it('blocks of long ones are closed, but for that of the layer that is shown, and what holds most', () => {
    const blocks = Array.from({ length: 10 }, (_, i) => `net.block${i}`)
    expect(closed(['image', ...long], 0)).toEqual(blocks)
    expect(closed(['image', ...long], 25)).toEqual(blocks.filter((path) => path !== 'net.block2'))
  })
})
