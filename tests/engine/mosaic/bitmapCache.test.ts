import { describe, expect, it } from 'vitest'
import { BitmapCache } from '../../../src/engine/mosaic/bitmapCache.ts'
import { deferred } from '../../fixtures/fakeWorkers.ts'

interface FakeBitmap extends ImageBitmap {
  readonly isClosed: boolean
}

/** A bitmap of so many pixels. Closing it twice is an error. */
function bitmap(pixels: number): FakeBitmap {
  let closed = 0
  return {
    width: pixels,
    height: 1,
    get isClosed() {
      return closed > 0
    },
    close() {
      if (++closed > 1) throw new Error('closed twice')
    },
  }
}

const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

describe('a cache of bitmaps', () => {
  it('makes each once, and closes the least recently used ones beyond its pixels', async () => {
    const cache = new BitmapCache(10)
    const [a, b, c] = [bitmap(4), bitmap(4), bitmap(4)]
    let made = 0
    const get = (key: string, value: ImageBitmap): Promise<ImageBitmap> =>
      cache.get(key, () => {
        made++
        return Promise.resolve(value)
      })
    expect(await get('a', a)).toBe(a)
    expect(await get('b', b)).toBe(b)
    expect(await get('a', a)).toBe(a)
    expect(await get('c', c)).toBe(c)
    await rest()
    expect(made).toBe(3)
    expect([a, b, c].map(({ isClosed }) => isClosed)).toEqual([false, true, false])
    expect(['a', 'b', 'c'].map((key) => cache.has(key))).toEqual([true, false, true])
  })

  it('keeps one that alone is too large, and gives it before it closes the others', async () => {
    const cache = new BitmapCache(10)
    const small = bitmap(4)
    const large = bitmap(50)
    await cache.get('small', () => Promise.resolve(small))
    const both = Promise.all([
      cache.get('large', () => Promise.resolve(large)),
      cache.get('small', () => Promise.resolve(small)).then(({ width }) => [width, small.isClosed]),
    ])
    expect(await both).toEqual([large, [4, false]])
    await rest()
    expect(small.isClosed).toBe(true)
    expect(large.isClosed).toBe(false)
  })

  it('does not keep a failure', async () => {
    const cache = new BitmapCache(10)
    await expect(cache.get('a', () => Promise.reject(new Error('cut off')))).rejects.toThrow('cut off')
    const a = bitmap(4)
    expect(await cache.get('a', () => Promise.resolve(a))).toBe(a)
  })

  it('closes what arrives after it was cleared, and what it held, each once', async () => {
    const cache = new BitmapCache(10)
    const held = bitmap(4)
    const late = bitmap(4)
    const gate = deferred<ImageBitmap>()
    await cache.get('held', () => Promise.resolve(held))
    const pending = cache.get('late', () => gate.promise)
    cache.clear()
    gate.resolve(late)
    await pending
    await rest()
    expect([held.isClosed, late.isClosed]).toEqual([true, true])
    expect([cache.has('held'), cache.has('late')]).toEqual([false, false])
  })

  it('a failure of before it was cleared leaves the one that has the key now', async () => {
    const cache = new BitmapCache(10)
    const old = deferred<ImageBitmap>()
    const failed = cache.get('7', () => old.promise).catch((error: unknown) => error)
    cache.clear()
    const now = deferred<ImageBitmap>()
    const pending = cache.get('7', () => now.promise)
    old.reject(new Error('the folder is gone'))
    expect(await failed).toMatchObject({ message: 'the folder is gone' })
    await rest()
    const picture = bitmap(4)
    now.resolve(picture)
    expect(await pending).toBe(picture)
    await rest()
    expect(picture.isClosed).toBe(false)
    expect(await cache.get('7', () => Promise.reject(new Error('made anew')))).toBe(picture)
  })

  it('a failure of before does not take the pixels of the next one out of the count', async () => {
    const cache = new BitmapCache(10)
    const old = deferred<ImageBitmap>()
    const failed = cache.get('7', () => old.promise).catch(() => undefined)
    cache.clear()
    const [next, other, third] = [bitmap(6), bitmap(6), bitmap(6)]
    await cache.get('7', () => Promise.resolve(next))
    old.reject(new Error('the folder is gone'))
    await failed
    await rest()
    await cache.get('8', () => Promise.resolve(other))
    await cache.get('9', () => Promise.resolve(third))
    await rest()
    expect([next, other, third].map(({ isClosed }) => isClosed)).toEqual([true, true, false])
    cache.clear()
    await rest()
    expect(third.isClosed).toBe(true)
  })
})
