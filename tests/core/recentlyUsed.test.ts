import { expect, it } from 'vitest'
import { RecentlyUsed } from '../../src/core/recentlyUsed.ts'

it('drops what has not been used for longest when there is no more room', () => {
  const kept = new RecentlyUsed<string>(6, (text) => text.length)
  kept.set('a', 'xx')
  kept.set('b', 'xx')
  kept.set('c', 'xx')
  expect(kept.get('a')).toBe('xx')
  // Looking is no use.
  expect(kept.peek('b')).toBe('xx')
  kept.set('d', 'xxx')
  expect(['a', 'b', 'c', 'd'].map((key) => kept.peek(key))).toEqual(['xx', undefined, undefined, 'xxx'])
})

it('counts a value once however often it is set, and not when it is deleted', () => {
  const kept = new RecentlyUsed<string>(2)
  kept.set('a', '1')
  kept.set('a', '2')
  kept.set('b', '3')
  expect([kept.peek('a'), kept.peek('b')]).toEqual(['2', '3'])
  kept.delete('a')
  kept.set('c', '4')
  expect([kept.peek('a'), kept.peek('b'), kept.peek('c')]).toEqual([undefined, '3', '4'])
  kept.clear()
  kept.set('d', '5')
  kept.set('e', '6')
  expect([kept.peek('c'), kept.peek('d'), kept.peek('e')]).toEqual([undefined, '5', '6'])
})

it('keeps the newest even if it is larger than all may be', () => {
  const kept = new RecentlyUsed<string>(1, (text) => text.length)
  kept.set('a', 'x')
  kept.set('b', 'xxx')
  expect([kept.peek('a'), kept.peek('b')]).toEqual([undefined, 'xxx'])
})
