import { describe, expect, it } from 'vitest'
import { AppError, appError, messageOf, sentence } from '../../src/core/errors.ts'

it('an error is its sentence with the offending values, and a code', () => {
  const error = appError('model/truncated', { file: 'big.h5', bytes: 1000, expected: 2_500_000 })
  expect(error).toBeInstanceOf(AppError)
  expect(error.code).toBe('model/truncated')
  expect(error.message).toBe(
    'big.h5 is cut off: it should hold 2,500,000 bytes and has 1,000. Copy or download it again.',
  )
  expect(error.message).toBe(
    sentence('model/truncated', { file: 'big.h5', bytes: 1000, expected: 2_500_000 }),
  )
})

it('a sentence may need no values', () => {
  expect(sentence('model/no-file')).toMatch(/^There is no model .*\.$/)
})

describe('whatever was thrown', () => {
  it.each([
    [new Error('boom'), 'boom'],
    [appError('images/none', { folder: 'photos' }), sentence('images/none', { folder: 'photos' })],
    ['text', 'text'],
    [undefined, 'undefined'],
  ])('%s becomes words', (thrown, words) => {
    expect(messageOf(thrown)).toBe(words)
  })
})
