import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  AppError,
  appError,
  clause,
  ClauseError,
  clauseError,
  clauseOf,
  codeOf,
  finished,
  isClause,
  messageOf,
  reasonOf,
  type Reportable,
  sentence,
} from '../../src/core/errors.ts'

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

describe('a clause', () => {
  const gone = clauseError('images/unreadable', { reason: 'it was moved' })

  it('is no sentence: the compiler takes it for none', () => {
    expectTypeOf<Reportable<ClauseError>>().toEqualTypeOf<never>()
    expectTypeOf<Reportable<AppError>>().toEqualTypeOf<AppError>()
    expectTypeOf<Reportable<unknown>>().toEqualTypeOf<unknown>()
    // @ts-expect-error The code belongs to the other table.
    expectTypeOf(appError).toBeCallableWith('images/unreadable', { reason: 'it was moved' })
    // @ts-expect-error The same holds the other way round.
    expectTypeOf(clauseError).toBeCallableWith('images/none', { folder: 'photos' })
  })

  it('is an error of ours with a code, and has no full stop', () => {
    expect(gone).toBeInstanceOf(ClauseError)
    expect(gone).toBeInstanceOf(AppError)
    expect(gone.code).toBe('images/unreadable')
    expect(gone.message).toBe(clause('images/unreadable', { reason: 'it was moved' }))
    expect(gone.message).not.toMatch(/\.$/)
  })

  it('is known by its code when it has come from a worker without its class', () => {
    const posted = Object.assign(new Error(gone.message), { code: gone.code })
    expect(isClause(posted)).toBe(true)
    expect(isClause(Object.assign(new Error('…'), { code: 'images/none' }))).toBe(false)
    expect(isClause(new Error('boom'))).toBe(false)
    expect(codeOf(posted)).toBe('images/unreadable')
    expect(codeOf('text')).toBeNull()
  })

  it('is made of whatever was thrown', () => {
    expect(clauseOf(gone)).toBe(gone.message)
    expect(clauseOf(new Error('boom'))).toBe('it cannot be read (boom)')
  })

  it('is finished where the name is known; sentences stay as they are', () => {
    const finish = (reason: string): AppError => appError('images/not-shown', { image: 'cat/1.png', reason })
    expect(finished(gone, finish)).toEqual(
      new AppError('images/not-shown', 'cat/1.png cannot be shown: it cannot be read (it was moved).'),
    )
    const died = appError('worker/died', { worker: 'gallery', reason: 'crash' })
    expect(finished(died, finish)).toBe(died)
  })
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

it('gives a reason in words, also for what the language itself says', () => {
  expect(reasonOf(new Error('it has no inputs'))).toBe('it has no inputs')
  const mistake = (): unknown => (undefined as unknown as { shape: unknown }).shape
  for (const error of [new RangeError('Invalid array length'), thrownBy(mistake)])
    expect(reasonOf(error)).toBe('its parts do not go together')
})

function thrownBy(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}
