import { describe, expect, it } from 'vitest'
import { likelyName, nearestNames } from '../../src/core/nearestNames.ts'

const many = Array.from({ length: 158 }, (_, i) => `conv2d_${i}`)

describe('the names that the user may have meant', () => {
  it('are all where they are few', () => {
    expect(nearestNames('x', ['first', 'second'])).toBe('first, second')
    expect(nearestNames('x', [])).toBe('none')
  })

  it('are the most similar ones where they are many, and how many there are', () => {
    const text = nearestNames('conv2d-17', many)
    expect(text).toMatch(/^conv2d_17, .* and 150 more$/)
    expect(text.split(', ')).toHaveLength(8)
  })

  it('are told apart by letters, not by their case', () => {
    expect(nearestNames('CONV2D_150', many)).toMatch(/^conv2d_150, /)
  })
})

describe('a slip', () => {
  it.each([
    ['autorum', 'autorun'],
    ['layer', 'layers'],
    ['K', 'k'],
    ['colour', null],
  ])('%s is of %s', (wanted, name) => {
    expect(likelyName(wanted, ['autorun', 'layers', 'k', 'model'])).toBe(name)
  })
})
