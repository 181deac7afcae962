import { describe, expect, it } from 'vitest'
import { seriesOf } from '../../../src/core/compare/checkpointSeries.ts'

function series(...paths: string[]): string[][] {
  return seriesOf(paths.map((path) => ({ path }))).map((files) => files.map(({ path }) => path))
}

describe('models among files', () => {
  it('are as many as there are whole files, in natural order', () => {
    expect(series('epoch-10.keras', 'epoch-9.keras', 'epoch-1.keras')).toEqual([
      ['epoch-1.keras'],
      ['epoch-9.keras'],
      ['epoch-10.keras'],
    ])
    expect(series('run/b.onnx', 'run/a.h5')).toEqual([['a.h5'], ['b.onnx']])
  })

  it('share what lies beside them', () => {
    expect(series('b.weights.h5', 'config.json', 'a.weights.h5')).toEqual([
      ['a.weights.h5', 'config.json'],
      ['b.weights.h5', 'config.json'],
    ])
    expect(series('a.onnx', 'b.onnx', 'a.onnx.data')).toEqual([
      ['a.onnx', 'a.onnx.data'],
      ['b.onnx', 'a.onnx.data'],
    ])
  })

  it('may have folders of their own, by which they are called', () => {
    expect(
      series(
        'two/model.json',
        'two/shard1.bin',
        'one/model.json',
        'one/shard1.bin',
        'one/model_metadata.json',
      ),
    ).toEqual([
      ['one/model.json', 'one/shard1.bin', 'one/model_metadata.json'],
      ['two/model.json', 'two/shard1.bin'],
    ])
    expect(series('runs/two/m.onnx', 'runs/one/m.onnx')).toEqual([['one/m.onnx'], ['two/m.onnx']])
  })

  it('are one if all files are its parts', () => {
    expect(series('model.json', 'model.weights.h5')).toEqual([['model.weights.h5', 'model.json']])
    expect(series('model.json', 'group1-shard1of2', 'group1-shard2of2')).toHaveLength(1)
    expect(series('net.keras', 'net.weights.h5')).toHaveLength(1)
    expect(series('net.onnx', 'net.onnx.data', 'labels.txt')).toHaveLength(1)
    expect(series('lost.pt')).toEqual([])
  })
})
