import { describe, expect, it } from 'vitest'
import { everything } from '../../../src/core/images/selection.ts'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import type { CheckpointHead } from '../../../src/state/checkpoints/checkpointStore.ts'
import { recentOf } from '../../../src/state/checkpoints/recent.ts'
import { changedSettings, supersededBy, togetherKey } from '../../../src/state/checkpoints/sameScan.ts'

function head(more: Partial<CheckpointHead> = {}): CheckpointHead {
  return {
    id: 'one',
    time: 1,
    status: 'done',
    backend: 'wasm',
    bytes: 100,
    origin: { model: null, images: null },
    model: { name: 'model.h5', sha256: 'm', inputShape: [8, 8, 3], inputSize: null },
    images: { name: 'images', count: 10, digest: 'i', index: 'auto', sizes: [] },
    preprocessing: notebookPreprocessing,
    k: 16,
    selection: everything,
    layers: ['conv'],
    done: 10,
    total: 10,
    ...more,
  }
}

describe('kept scans belong together', () => {
  it('whatever their layers, k and sample', () => {
    const other = head({ layers: ['dense'], k: 25, selection: { ...everything, sample: { first: 3 } } })
    expect(togetherKey(other)).toBe(togetherKey(head()))
  })

  it.each([
    ['another backend', { backend: 'webgl' }],
    ['another model', { model: { ...head().model, sha256: 'other' } }],
    ['other images', { images: { ...head().images, digest: 'other' } }],
    ['other classes', { selection: { ...everything, classes: ['cat'] } }],
    ['other preprocessing', { preprocessing: { ...notebookPreprocessing, resize: 'nearest' } }],
  ] as [string, Partial<CheckpointHead>][])('but not those of %s', (_, more) => {
    expect(togetherKey(head(more))).not.toBe(togetherKey(head()))
  })

  it('and make one entry of the list, with all their layers', () => {
    const kept = [
      head({ id: 'new', layers: ['dense', 'conv'] }),
      head(),
      head({ id: 'other', backend: 'webgl' }),
    ]
    const recent = recentOf({ kept })
    expect(recent.map(({ heads, layers, bytes }) => [heads.map(({ id }) => id), layers, bytes])).toEqual([
      [['new', 'one'], ['dense', 'conv'], 200],
      [['other'], ['conv'], 100],
    ])
    expect(recentOf({ kept })).toBe(recent)
  })
})

describe('a record takes the place of an earlier one', () => {
  const later = head({ id: 'two', time: 2, layers: ['conv', 'dense'] })

  it('that has no more layers and no more images', () => {
    expect(supersededBy(head(), later)).toBe(true)
  })

  it.each([
    ['itself', later],
    ['one with a layer more', head({ layers: ['conv', 'pool'] })],
    ['one of more images', head({ done: 11 })],
    ['a later one', head({ time: 3 })],
    ['one of another backend', head({ backend: 'webgl' })],
  ])('but not of %s', (_, other) => {
    expect(supersededBy(other, later)).toBe(false)
  })
})

it('settings that resuming would change are named', () => {
  expect(changedSettings(head(), head())).toEqual([])
  const set = { preprocessing: notebookPreprocessing, k: 9, selection: { ...everything, classes: ['cat'] } }
  expect(changedSettings(set, head())).toEqual(['patches per channel', 'choice of images'])
})
