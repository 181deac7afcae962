/** What the names of files tell about models, for drops, zips, the engine and the texts of the page alike. */
import { describe, expect, it } from 'vitest'
import { sentence } from '../../../src/core/errors.ts'
import {
  looksLikeModel,
  looksLikePart,
  marksModel,
  modelFormats,
  modelRank,
  whatCanBeDropped,
  whatCanBeOpened,
} from '../../../src/core/model/formats.ts'

describe('the name of a file', () => {
  it('says how likely it is the main one of a model', () => {
    const names = [
      'net.keras',
      'weights/NET.H5',
      'export/model-2.json',
      'net.onnx',
      'architecture.json',
      'net.zip',
      'metadata.json',
      'net.pt',
      'notes.md',
    ]
    const ranks = names.map(modelRank)
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b))
    expect(new Set(ranks).size).toBe(names.length)
  })

  it.each([
    'a.keras',
    'a.h5',
    'a.hdf5',
    'model.json',
    'a.json',
    'a.zip',
    'a.tflite',
    'a.pb',
    'a.onnx',
    'a.pt',
    'a.pth',
    'a.safetensors',
    'a.pkl',
    'a.pickle',
    'a.joblib',
    'a.mlmodel',
    'a.caffemodel',
    'a.npz',
    'a.ckpt',
    'a.bin',
  ])('%s is taken for a model, be it to say how to convert it', (name) => {
    expect(looksLikeModel(name)).toBe(true)
    expect(looksLikePart(name)).toBe(true)
  })

  it.each(['a.png', 'classes.tsv', 'notes.txt', 'keras', 'h5', 'a.h5.txt'])(
    '%s is not taken for a model',
    (name) => {
      expect(looksLikeModel(name)).toBe(false)
      expect(looksLikePart(name)).toBe(false)
    },
  )

  it('may be that of a part', () => {
    expect(['group1-shard1of2', 'graph.pbtxt', 'net.onnx.data', 'net.onnx_data'].map(looksLikePart)).toEqual([
      true,
      true,
      true,
      true,
    ])
  })

  it('tells the zip of a model from one of pictures', () => {
    const sure = [
      'net.keras',
      'in/x.h5',
      'x.onnx',
      'x.tflite',
      'x.pb',
      'x.pt',
      'model.json',
      'archive/data.pkl',
    ]
    expect(sure.filter(marksModel)).toEqual(sure)
    expect(['cat/1.png', 'labels.json', 'a.npz', 'a.bin', 'mydata.pkl'].filter(marksModel)).toEqual([])
  })
})

describe('the words of the page', () => {
  it('name every format that can be opened', () => {
    for (const { one, many } of modelFormats) {
      expect(whatCanBeDropped).toContain(one)
      expect(sentence('model/no-file')).toContain(one)
      expect(whatCanBeOpened).toContain(many)
      expect(sentence('model/unknown-kind', { file: 'a.b' })).toContain(many)
    }
  })

  it('are English', () => {
    expect(`Drop ${whatCanBeDropped} here`).toBe(
      'Drop a Keras model (.keras, .h5), a TensorFlow.js model (folder or zip) or an ONNX model (PyTorch) here',
    )
    expect(sentence('model/unknown-kind', { file: 'a.b' })).toBe(
      'a.b holds no model that Urpatch knows. It opens Keras models (.keras, .h5), TensorFlow.js models (model.json with its weight files) and ONNX models (.onnx, as PyTorch exports them).',
    )
  })
})
