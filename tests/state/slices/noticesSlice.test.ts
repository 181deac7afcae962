import { describe, expect, it } from 'vitest'
import { testApp } from '../../fixtures/fakeWorkers.ts'

describe('notices', () => {
  it('of too many the oldest go first, those that can be undone last', () => {
    const { getState } = testApp({}, 1).store
    const undo = { label: 'Undo', run: () => undefined }
    getState().notify('info', 'put aside', undo)
    for (const text of ['a', 'b', 'c', 'd', 'e']) getState().notify('info', text)
    expect(getState().notices.map(({ text }) => text)).toEqual(['put aside', 'c', 'd', 'e'])
    expect(getState().notices[0]!.action).toBe(undo)
  })

  it('the same sentence again takes the place of the one before', () => {
    const { getState } = testApp({}, 1).store
    getState().notify('info', 'put aside', { label: 'Undo', run: () => undefined })
    const later = { label: 'Undo', run: () => undefined }
    getState().notify('info', 'put aside', later)
    expect(getState().notices).toMatchObject([{ text: 'put aside' }])
    expect(getState().notices[0]!.action).toBe(later)
  })
})
