import { expect, it } from 'vitest'
import { CopyStore } from '../../../src/engine/mosaic/copyStore.ts'

function copy(image: number, bytes: number) {
  return { image, width: 4000, height: 3000, file: new Blob([new Uint8Array(bytes)]) }
}

it('holds copies up to its bytes, however many come, and drops those not used for longest', () => {
  const store = new CopyStore(1000)
  for (let image = 0; image < 10; image++) store.add(String(image), copy(image, 100))
  expect(store.bytes).toBe(1000)
  expect(store.get('0')?.image).toBe(0)
  for (let image = 10; image < 14; image++) store.add(String(image), copy(image, 100))
  expect(store.bytes).toBe(1000)
  expect([0, 1, 4, 5, 13].map((image) => store.has(String(image)))).toEqual([true, false, false, true, true])
})

it('counts a copy that comes again once', () => {
  const store = new CopyStore(1000)
  for (let time = 0; time < 30; time++) store.add('a', copy(1, 100))
  expect(store.bytes).toBe(100)
  store.clear()
  expect([store.bytes, store.has('a')]).toEqual([0, false])
})
