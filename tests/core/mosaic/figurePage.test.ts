import { describe, expect, it } from 'vitest'
import { type FigureTexts, layOutPage } from '../../../src/core/mosaic/figurePage.ts'
import { layOutSheet } from '../../../src/core/mosaic/figureSheet.ts'

/** Each letter is as wide as half its height; one of two halves as its height. */
const measure = (text: string, size: number): number => (text.length * size) / 2

function mosaic(patches: number, caption = 'a'): FigureTexts {
  const ranks = Array.from({ length: patches }, (_, i) => i + 1)
  return {
    title: 'Channel 1',
    note: '3 … 2',
    captions: ranks.map((rank) => `${rank} ${caption}`),
    descriptions: ranks.map((rank) => `rank ${rank}`),
  }
}

describe('a page of a figure', () => {
  it.each([
    [9, 1, 'alone'],
    [9, 30, 'all'],
    [25, 7, 'none'],
    [1, 3, 'all'],
  ] as const)(
    'of %i patches each in %i mosaics, captions %s, has nothing over another',
    (k, count, captions) => {
      const sheet = layOutSheet(k, count, { width: 800, scale: 2, captions }, false)
      const page = layOutPage(Array(count).fill(mosaic(k)), ['title', 'note'], sheet, measure)
      const boxes = [
        ...page.patches.map(
          ({ x, y, size }) => [x - page.frame, y - page.frame, x + size, y + size] as const,
        ),
        ...page.texts.map(
          ({ text, x, y, size }) => [x, y - size / 2, x + measure(text, size), y + size / 2] as const,
        ),
      ]
      for (const [i, [left, top, right, bottom]] of boxes.entries()) {
        expect(left).toBeGreaterThanOrEqual(0)
        expect(top).toBeGreaterThanOrEqual(0)
        expect(right).toBeLessThanOrEqual(page.width)
        expect(bottom).toBeLessThanOrEqual(page.height)
        const over = boxes
          .slice(i + 1)
          .filter((other) => left < other[2] && other[0] < right && top < other[3] && other[1] < bottom)
        expect(over).toEqual([])
      }
      expect(page.patches).toHaveLength(k * count)
      expect(page.texts.filter(({ text }) => /^\d+ a$/.test(text))).toHaveLength(
        captions === 'none' ? 0 : k * count,
      )
    },
  )

  it('has patches row by row, each with its text below', () => {
    const sheet = layOutSheet(4, 1, { width: 400, scale: 1, captions: 'alone' })
    const { patches, texts } = layOutPage([mosaic(3)], ['', ''], sheet, measure)
    const [first, second, third] = patches
    expect(patches).toHaveLength(3)
    expect([second!.x > first!.x, second!.y]).toEqual([true, first!.y])
    expect([third!.x, third!.y > first!.y]).toEqual([first!.x, true])
    const caption = texts.find(({ text }) => text === '3 a')!
    expect(caption.x).toBe(third!.x)
    expect(caption.y).toBeGreaterThan(third!.y + third!.size)
    expect(third!.description).toBe('rank 3')
  })

  it.each([400, 410, 420, 430])(
    'of %i pixels cuts a text that has no room, between whole letters, as late as it can',
    (width) => {
      const sheet = layOutSheet(4, 1, { width, scale: 1, captions: 'alone' })
      const { patches, texts } = layOutPage([mosaic(1, '🐈'.repeat(100))], ['', ''], sheet, measure)
      const { text, size } = texts.find((one) => one.text.includes('🐈'))!
      const room = patches[0]!.size
      expect(text).toMatch(/^1 (🐈)+…$/u)
      expect(measure(text, size)).toBeLessThanOrEqual(room)
      expect(measure(`${text}🐈`, size)).toBeGreaterThan(room)
    },
  )
})
