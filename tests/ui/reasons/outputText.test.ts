import { expect, it } from 'vitest'
import { meanTexts, probabilityText } from '../../../src/ui/reasons/outputText.ts'

it.each([
  [0, '0 %'],
  [1, '100 %'],
  [0.000004, '< 0.001 %'],
  [0.000031, '0.003 %'],
  [0.00031, '0.031 %'],
  [0.0312, '3.1 %'],
  [0.4749, '47.5 %'],
  [0.99973, '99.973 %'],
  [0.999996, '> 99.999 %'],
])('the probability %f is %s', (probability, text) => {
  expect(probabilityText(probability)).toBe(text)
})

it.each([
  // Four digits, if all are known or nobody knows.
  [3.41234, 3.39876, 0.0004, ['3.412', '3.399']],
  [3.41234, 3.39876, Number.NaN, ['3.412', '3.399']],
  [3.41234, 3.39876, 0, ['3.412', '3.399']],
  [3.41234, 3.39876, 0.02, ['3.41', '3.40']],
  [3.41234, -0.02, 0.3, ['3.4', '0.0']],
  [3412.3, 5987.6, 200, ['3400', '6000']],
  [3.21e-5, 0, 4e-6, ['3.2e-5', '0']],
  [123_456, 234_567, 9000, ['1.23e+5', '2.35e+5']],
])('the means %f and %f with an error of %f', (before, after, error, texts) => {
  expect(meanTexts([before, after], error, false)).toEqual(texts)
})

it.each([
  [0.47493, 0.4921, 0.02, ['47 %', '49 %']],
  [0.47493, 0.4921, 0.0004, ['47.49 %', '49.21 %']],
  [0.47493, 0.4921, 1e-9, ['47.493 %', '49.210 %']],
  [0.00001, 0.9, 0.02, ['0 %', '90 %']],
])('the mean probabilities %f and %f with an error of %f', (before, after, error, texts) => {
  expect(meanTexts([before, after], error, true)).toEqual(texts)
})
