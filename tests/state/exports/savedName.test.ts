import { expect, it } from 'vitest'
import { savedName } from '../../../src/state/exports/savedName.ts'

const bytes = (text: string): number => new TextEncoder().encode(text).length

it('leaves names alone that file systems take', () => {
  for (const name of ['', 'model.urpatch.json', 'Kätzchen 猫.npz', 'a'.repeat(220)])
    expect(savedName(name)).toBe(name)
})

it.each(['a', 'ä', '猫', '👩', 'a猫'])(
  'leaves out the middle of 10,000 times %s, and keeps the ending',
  (letters) => {
    const name = `${letters.repeat(10_000)}-channel-3.urpatch.json`
    const saved = savedName(name)
    expect(bytes(saved)).toBeLessThanOrEqual(220)
    expect(bytes(saved)).toBeGreaterThan(210)
    const [start, end] = saved.split('…')
    expect(name.startsWith(start!) && name.endsWith(end!)).toBe(true)
    expect(end).toMatch(/-channel-3\.urpatch\.json$/)
    // No letter is cut in two.
    expect(new TextDecoder().decode(new TextEncoder().encode(saved))).toBe(saved)
  },
)
