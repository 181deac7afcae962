/** A test fails if it prints a warning or an error to the console. */
import { afterEach, beforeEach, expect, vi } from 'vitest'

beforeEach(() => {
  vi.spyOn(console, 'warn')
  vi.spyOn(console, 'error')
})

afterEach(() => {
  expect(vi.mocked(console.warn).mock.calls).toEqual([])
  expect(vi.mocked(console.error).mock.calls).toEqual([])
})
