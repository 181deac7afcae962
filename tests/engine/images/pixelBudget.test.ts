import { describe, expect, it, vi } from 'vitest'
import { PixelBudget } from '../../../src/engine/images/pixelBudget.ts'

/** Jobs that note when they begin, and end when the test says so. */
function jobs(budget: PixelBudget) {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const begin = (name: string, pixels: number) =>
    budget.run(pixels, () => {
      begun.push(name)
      return new Promise<void>((resolve) => ends.set(name, resolve))
    })
  const settle = () => new Promise((resolve) => setTimeout(resolve, 50))
  return { begun, begin, end: (name: string) => ends.get(name)!(), settle }
}

describe('PixelBudget', () => {
  it('starts what fits, and lets small pictures overtake one that does not', async () => {
    const { begun, begin, end, settle } = jobs(new PixelBudget(100))
    const all = [begin('a', 60), begin('b', 60), begin('c', 40)]
    await settle()
    expect(begun).toEqual(['a', 'c'])
    end('a')
    await settle()
    expect(begun).toEqual(['a', 'c', 'b'])
    end('b')
    end('c')
    await Promise.all(all)
  })

  it('decodes one large picture at a time in all workers, while small ones go on', async () => {
    const [one, other] = [jobs(new PixelBudget(100)), jobs(new PixelBudget(100))]
    const all = [one.begin('large', 101), other.begin('large too', 500), other.begin('small', 1)]
    await expect.poll(() => [...one.begun, ...other.begun]).toEqual(['large', 'small'])
    await one.settle()
    expect(other.begun).toEqual(['small'])
    one.end('large')
    await expect.poll(() => other.begun).toEqual(['small', 'large too'])
    other.end('small')
    other.end('large too')
    await Promise.all(all)
  })

  const denied = (): Promise<never> =>
    Promise.reject(new DOMException('The request was denied.', 'SecurityError'))

  it.each([
    ['has no locks', undefined],
    ['may not ask for locks', { request: denied }],
  ])('decodes large pictures one after the other in a page that %s', async (_, locks) => {
    vi.stubGlobal('navigator', { locks })
    try {
      const { begun, begin, end } = jobs(new PixelBudget(100))
      const all = [begin('large', 101), begin('large too', 500), begin('small', 1)]
      await expect.poll(() => begun.toSorted()).toEqual(['large', 'small'])
      end('large')
      await expect.poll(() => begun).toContain('large too')
      end('large too')
      end('small')
      await Promise.all(all)
    } finally {
      vi.unstubAllGlobals()
    }
  })

  it('gives back the pixels of a picture that fails', async () => {
    const budget = new PixelBudget(100)
    await expect(budget.run(100, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect(await budget.run(100, () => Promise.resolve('next'))).toBe('next')
  })
})
