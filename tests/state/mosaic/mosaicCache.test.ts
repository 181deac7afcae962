import { beforeEach, describe, expect, it } from 'vitest'
import { MosaicCache } from '../../../src/state/mosaic/mosaicCache.ts'
import { type Deferred, deferred, settled } from '../../fixtures/fakeWorkers.ts'

class FakeBitmap {
  readonly width = 1
  readonly height = 1
  readonly label: string
  closed = 0

  constructor(label: string) {
    this.label = label
  }

  close(): void {
    this.closed++
  }
}

let cache: MosaicCache
let rendered: FakeBitmap[]

beforeEach(() => {
  cache = new MosaicCache()
  rendered = []
})

function bitmap(label: string): FakeBitmap & ImageBitmap {
  const made = new FakeBitmap(label)
  rendered.push(made)
  return made
}

function draw(key: string, version: number): Promise<boolean> {
  return cache.refresh(
    key,
    version,
    () => Promise.resolve(bitmap(`${key} ${version}`)),
    () => true,
  )
}

/** A rendering that ends when the test says so. */
function slowly(
  key: string,
  version: number,
  wanted = true,
): { done: Promise<boolean>; work: Deferred<ImageBitmap>; begun(): boolean } {
  const work = deferred<ImageBitmap>()
  let begun = false
  const render = (): Promise<ImageBitmap> => {
    begun = true
    return work.promise
  }
  return { done: cache.refresh(key, version, render, () => wanted), work, begun: () => begun }
}

function shown(key: string): string | null {
  const mosaic = cache.peek(key)
  return mosaic && (mosaic.bitmap as FakeBitmap & ImageBitmap).label
}

describe('a mosaic', () => {
  it('is rendered once for each version', async () => {
    expect(await draw('a', 1)).toBe(true)
    expect(await draw('a', 1)).toBe(true)
    expect(rendered).toHaveLength(1)
    expect(await draw('a', 2)).toBe(true)
    expect(rendered.map(({ label }) => label)).toEqual(['a 1', 'a 2'])
    expect(shown('a')).toBe('a 2')
    expect(cache.peek('a')!.version).toBe(2)
  })

  it('is shown, though old, until the new one is there; then it is closed', async () => {
    await draw('a', 1)
    const { done, work } = slowly('a', 2)
    await settled()
    expect(shown('a')).toBe('a 1')
    expect(rendered[0]!.closed).toBe(0)
    work.resolve(bitmap('a 2'))
    await done
    expect(shown('a')).toBe('a 2')
    expect(rendered.map(({ closed }) => closed)).toEqual([1, 0])
  })

  it('stays as it was where the rendering fails, and may be tried again', async () => {
    await draw('a', 1)
    const { done, work } = slowly('a', 2)
    work.reject(new Error('the gallery died'))
    await expect(done).rejects.toThrow('the gallery died')
    expect(shown('a')).toBe('a 1')
    expect(await draw('a', 2)).toBe(true)
    expect(shown('a')).toBe('a 2')
  })

  it('is not there before the first rendering', () => {
    expect(cache.peek('a')).toBeNull()
  })
})

describe('a part of a mosaic', () => {
  /** A rendering that has progressed as far as the test says. */
  function inParts(key: string, version: number, wanted: () => boolean = () => true) {
    const work = deferred<ImageBitmap | null>()
    let draft: ((bitmap: ImageBitmap) => boolean) | undefined
    let told = 0
    const done = cache.refresh(
      key,
      version,
      (onDraft) => ((draft = onDraft), work.promise),
      wanted,
      () => told++,
    )
    return { done, work, draft: (label: string) => draft?.(bitmap(label)), told: () => told }
  }

  it('is shown until the whole is there', async () => {
    const { done, work, draft, told } = inParts('a', 1)
    expect(draft('half')).toBe(true)
    expect([shown('a'), told()]).toEqual(['half', 1])
    expect(draft('most')).toBe(true)
    expect([shown('a'), told()]).toEqual(['most', 2])
    work.resolve(bitmap('whole'))
    expect(await done).toBe(true)
    expect(shown('a')).toBe('whole')
    expect(rendered.map(({ closed }) => closed)).toEqual([1, 1, 0])
  })

  it('never takes the place of an old whole', async () => {
    await draw('a', 1)
    const { work, draft } = inParts('a', 2)
    expect(draft('half')).toBeUndefined()
    work.resolve(null)
    expect(shown('a')).toBe('a 1')
  })

  it('is all there is if no caller waits for more, and is no version of the mosaic', async () => {
    const { done, work, draft } = inParts('a', 1, () => false)
    expect(draft('half')).toBe(false)
    work.resolve(null)
    expect(await done).toBe(false)
    expect(shown('a')).toBe('half')
    expect(await draw('a', 1)).toBe(true)
    expect(shown('a')).toBe('a 1')
    expect(rendered.map(({ closed }) => closed)).toEqual([1, 0])
  })

  it('is closed at once where the cache was cleared', () => {
    const { draft } = inParts('a', 1)
    cache.clear()
    expect(draft('half')).toBe(false)
    expect(rendered[0]!.closed).toBe(1)
    expect(shown('a')).toBeNull()
  })
})

describe('two renderings of one mosaic', () => {
  it('never run at a time: the second waits', async () => {
    const first = slowly('a', 1)
    const second = slowly('a', 2)
    const third = slowly('a', 3)
    await settled()
    expect([first, second, third].map(({ begun }) => begun())).toEqual([true, false, false])
    first.work.resolve(bitmap('a 1'))
    await first.done
    await settled()
    expect([second, third].map(({ begun }) => begun())).toEqual([true, false])
    second.work.resolve(bitmap('a 2'))
    await settled()
    third.work.resolve(bitmap('a 3'))
    expect(await Promise.all([second.done, third.done])).toEqual([true, true])
    expect(shown('a')).toBe('a 3')
    expect(rendered.map(({ closed }) => closed)).toEqual([1, 1, 0])
  })

  it('are not needed if no caller wants the second any more', async () => {
    const first = slowly('a', 1)
    const second = slowly('a', 2, false)
    first.work.resolve(bitmap('a 1'))
    expect(await second.done).toBe(false)
    expect(second.begun()).toBe(false)
  })

  it('are not needed where the first makes the version that the second wants', async () => {
    const first = slowly('a', 1)
    const second = slowly('a', 1)
    first.work.resolve(bitmap('a 1'))
    expect(await second.done).toBe(true)
    expect(second.begun()).toBe(false)
  })

  it('go on with the second where the first fails', async () => {
    const first = slowly('a', 1)
    const second = slowly('a', 2)
    first.work.reject(new Error('lost'))
    await expect(first.done).rejects.toThrow('lost')
    second.work.resolve(bitmap('a 2'))
    expect(await second.done).toBe(true)
    expect(shown('a')).toBe('a 2')
  })

  it('of different mosaics run side by side', () => {
    expect([slowly('a', 1), slowly('b', 1)].map(({ begun }) => begun())).toEqual([true, true])
  })
})

describe('the cache', () => {
  it('closes all it holds when it is cleared', async () => {
    await draw('a', 1)
    await draw('b', 1)
    cache.clear()
    expect(rendered.map(({ closed }) => closed)).toEqual([1, 1])
    expect([cache.peek('a'), cache.peek('b')]).toEqual([null, null])
  })

  it('closes those of a layer when they are dropped, and keeps the others', async () => {
    for (const key of ['conv/0/9', 'conv/1/9', 'conv_2/0/9', 'block/conv/0/9']) await draw(key, 1)
    cache.dropLayers(['conv', 'pool'])
    expect(rendered.map(({ closed }) => closed)).toEqual([1, 1, 0, 0])
    expect(cache.peek('conv/0/9')).toBeNull()
    expect(shown('conv_2/0/9')).toBe('conv_2/0/9 1')
    cache.dropLayers(['block/conv'])
    expect(cache.peek('block/conv/0/9')).toBeNull()
  })

  it('closes what was being rendered when it was cleared', async () => {
    const { done, work } = slowly('a', 1)
    cache.clear()
    work.resolve(bitmap('a 1'))
    expect(await done).toBe(false)
    expect(rendered[0]!.closed).toBe(1)
    expect(cache.peek('a')).toBeNull()
  })

  it('renders anew what is asked for after it was cleared, though the old rendering still runs', async () => {
    const old = slowly('a', 1)
    cache.clear()
    expect(await draw('a', 1)).toBe(true)
    old.work.resolve(bitmap('stale'))
    await old.done
    expect(shown('a')).toBe('a 1')
    expect(rendered.map(({ label, closed }) => [label, closed])).toEqual([
      ['a 1', 0],
      ['stale', 1],
    ])
  })

  it('shows what was waiting while it was cleared', async () => {
    const old = slowly('a', 1)
    const waiting = slowly('a', 2)
    await settled()
    cache.clear()
    old.work.resolve(bitmap('stale'))
    waiting.work.resolve(bitmap('a 2'))
    expect(await Promise.all([old.done, waiting.done])).toEqual([false, true])
    expect(shown('a')).toBe('a 2')
    expect(rendered.map(({ label, closed }) => [label, closed])).toEqual([
      ['stale', 1],
      ['a 2', 0],
    ])
  })

  it('renders once for all callers that waited while it was cleared', async () => {
    const old = slowly('a', 1)
    const waiting = [slowly('a', 2), slowly('a', 2)]
    cache.clear()
    old.work.resolve(bitmap('stale'))
    for (const { work } of waiting) work.resolve(bitmap('a 2'))
    expect(await Promise.all(waiting.map(({ done }) => done))).toEqual([true, true])
    expect(waiting.map(({ begun }) => begun())).toEqual([true, false])
    expect(shown('a')).toBe('a 2')
  })

  it('holds 400 mosaics and drops and closes the ones not used for longest', async () => {
    for (let i = 0; i < 400; i++) await draw(`m${i}`, 1)
    expect(rendered.every(({ closed }) => closed === 0)).toBe(true)
    await draw('m0', 1)
    await draw('x', 1)
    await draw('y', 1)
    expect(rendered.filter(({ closed }) => closed > 0).map(({ label }) => label)).toEqual(['m1 1', 'm2 1'])
    expect(shown('m0')).toBe('m0 1')
    expect(cache.peek('m1')).toBeNull()
  })

  it('closes every bitmap exactly once, and none that it shows', async () => {
    for (let version = 0; version < 5; version++) for (const key of ['a', 'b', 'c']) await draw(key, version)
    const live = new Set(['a', 'b', 'c'].map(shown))
    for (const { label, closed } of rendered) expect(closed, label).toBe(live.has(label) ? 0 : 1)
    cache.clear()
    cache.clear()
    expect(rendered.every(({ closed }) => closed === 1)).toBe(true)
  })
})
