import { expect, it } from 'vitest'
import { Latest } from '../../../src/state/timing/latest.ts'

it('aborts an attempt when the next one begins', () => {
  const attempts = new Latest()
  const first = attempts.begin()
  expect(first.aborted).toBe(false)
  const second = attempts.begin()
  expect([first.aborted, second.aborted]).toEqual([true, false])
})

it('aborts an attempt that is cancelled, and none that begins afterwards', () => {
  const attempts = new Latest()
  attempts.cancel()
  const first = attempts.begin()
  attempts.cancel()
  const second = attempts.begin()
  expect([first.aborted, second.aborted]).toEqual([true, false])
})
