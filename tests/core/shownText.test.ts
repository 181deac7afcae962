import { expect, it } from 'vitest'
import { clause, sentence } from '../../src/core/errors.ts'
import { escapedUnseen, inSentence, shownText } from '../../src/core/shownText.ts'

it('writes what cannot be seen, or turns the text around it, by its number', () => {
  expect(escapedUnseen('evil\u202Egnp.h5')).toBe('evil\\u202Egnp.h5')
  expect(escapedUnseen('two\nlines\tand\r\u0000\u0007\u0085\u2028')).toBe(
    'two\\nlines\\tand\\r\\u0000\\u0007\\u0085\\u2028',
  )
  expect(escapedUnseen('\u200Ba\u200Eb\u2066c\u2069\uFEFF')).toBe('\\u200Ba\\u200Eb\\u2066c\\u2069\\uFEFF')
})

it('leaves letters of all languages, marks, joiners and pictures as they are', () => {
  for (const text of [
    'Kätzchen',
    '猫/犬.png',
    'گربه\u200Cها',
    'חתול',
    '👩\u200D🔬',
    'a\\b',
    'conv2d_1/kernel:0',
  ])
    expect(escapedUnseen(text)).toBe(text)
})

it('leaves out the middle of names that are too long', () => {
  const name = shownText(`${'a'.repeat(9000)}end`)
  expect(name).toHaveLength(401)
  expect(name).toMatch(/^a{300}…a{97}end$/)
  expect(shownText('short')).toBe('short')
  expect(shownText(shownText('evil\u202E'))).toBe('evil\\u202E')
})

it('holds for all names and reasons in sentences and clauses', () => {
  expect(sentence('model/empty-file', { file: 'evil\u202Egnp\n.h5' })).toBe(
    'evil\\u202Egnp\\n.h5 is empty (0 bytes). Save or download the model again.',
  )
  expect(clause('images/unreadable', { reason: 'no\u2067pe' })).toBe('it cannot be read (no\\u2067pe)')
  expect(sentence('model/empty-file', { file: 'x'.repeat(10_000) }).length).toBeLessThan(1300)
})

it('isolates names that go from right to left, once', () => {
  const isolated = '\u2068חתול (1)\u2069'
  expect(inSentence('חתול (1)', 99)).toBe(isolated)
  expect(inSentence('cat (1)', 99)).toBe('cat (1)')
  expect(sentence('model/empty-file', { file: 'قطة.h5' })).toMatch(/^\u2068قطة\.h5\u2069 is empty/)
  // A clause stays as it is in the sentence around it.
  const reason = clause('images/unreadable', { reason: `${isolated} is cut off` })
  expect(reason).toBe(`it cannot be read (${isolated} is cut off)`)
  expect(sentence('images/not-shown', { image: 'חתול (1)', reason })).toBe(
    `${isolated} cannot be shown: it cannot be read (${isolated} is cut off).`,
  )
  // What others have not closed is written out.
  expect(inSentence('\u2068a', 99)).toBe('\\u2068a')
  expect(inSentence('\u2068a\u202Eb\u2069', 99)).toBe('\\u2068a\\u202Eb\\u2069')
})
