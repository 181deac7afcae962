import { expect, it } from 'vitest'
import type { Layer } from '../../../src/core/model/network.ts'
import { whyNotScannable } from '../../../src/core/model/scannable.ts'
import { isMap, mapSize, unitAt, unitsOf } from '../../../src/core/model/units.ts'

function layerOf(shape: readonly number[]): Layer {
  return {
    name: 'it',
    className: 'Activation',
    inputs: [0],
    op: { kind: 'activation', activation: { fn: 'relu' } },
    shape,
    weights: [],
  }
}

it('a map has a unit at each row and column', () => {
  expect(unitsOf([7, 9, 64])).toEqual({ kind: 'map', rows: 7, columns: 9 })
  expect(isMap([7, 9, 64])).toBe(true)
  expect(mapSize([7, 9, 64])).toEqual([7, 9])
  expect(unitAt([7, 9, 64], 20)).toEqual([2, 2])
  expect(whyNotScannable(layerOf([7, 9, 64]))).toBeNull()
})

it('a vector has one unit a channel', () => {
  expect(unitsOf([1000])).toEqual({ kind: 'vector' })
  expect(isMap([1000])).toBe(false)
  expect(mapSize([1000])).toEqual([1, 1])
  expect(unitAt([1000], 0)).toEqual([0, 0])
  expect(whyNotScannable(layerOf([1000]))).toBeNull()
})

it('tokens are known as such, and are no map to be scanned', () => {
  expect(unitsOf([197, 384])).toEqual({ kind: 'tokens', count: 197 })
  expect(isMap([197, 384])).toBe(false)
  expect(mapSize([197, 384])).toEqual([1, 1])
  expect(whyNotScannable(layerOf([197, 384]))).toBe('its output of 2 axes is no map')
})

it.each([[[]], [[2, 7, 9, 64]]])('%j are no units', (shape) => {
  expect(unitsOf(shape)).toBeNull()
  expect(isMap(shape)).toBe(false)
  expect(whyNotScannable(layerOf(shape))).toBe(`its output of ${shape.length} axes is no map`)
})
