import { describe, expect, it } from 'vitest'
import { clauseError } from '../../../src/core/errors.ts'
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

  it('are the four latest, each sentence once', () => {
    const { store } = testApp()
    const { notify } = store.getState()
    for (const text of ['a', 'b', 'c', 'b', 'd', 'e']) notify('info', text)
    expect(store.getState().notices.map(({ text }) => text)).toEqual(['c', 'b', 'd', 'e'])
  })

  it('are dismissed one by one', () => {
    const { store } = testApp()
    const { notify, dismiss } = store.getState()
    notify('info', 'a')
    notify('error', 'b')
    dismiss(store.getState().notices[0]!.id)
    expect(store.getState().notices).toEqual([expect.objectContaining({ kind: 'error', text: 'b' })])
  })

  it('are whole sentences: a clause that nobody has finished is finished here', () => {
    const { store } = testApp()
    const clause = clauseError('images/unreadable', { reason: 'it was moved' })
    // @ts-expect-error A clause must be finished by code that knows the image.
    store.getState().report(clause)
    const posted: unknown = Object.assign(new Error(clause.message), { code: clause.code })
    expect(store.getState().report(posted)).toBe(
      'One of the images cannot be used: it cannot be read (it was moved).',
    )
  })

  it('may offer something to do', () => {
    const { store } = testApp()
    let undone = 0
    store.getState().notify('info', 'put aside', { label: 'Undo', run: () => undone++ })
    store.getState().notices[0]!.action!.run()
    expect(undone).toBe(1)
  })

  it('go away with the page that they lead to, however it was opened', () => {
    const { getState } = testApp().store
    getState().notify('info', 'kept', { label: 'Compare', leadsTo: 'compare', run: () => undefined })
    getState().notify('info', 'put aside', { label: 'Undo', run: () => undefined })
    getState().notify('info', 'a')
    const texts = () => getState().notices.map(({ text }) => text)
    getState().showPage('trace')
    getState().showPage(null)
    expect(texts()).toEqual(['kept', 'put aside', 'a'])
    getState().showPage('compare')
    expect(texts()).toEqual(['put aside', 'a'])
  })

  it('show whatever was thrown as words', () => {
    const { store } = testApp()
    expect(store.getState().report(new Error('boom'))).toBe('boom')
    expect(store.getState().report('text')).toBe('text')
    expect(store.getState().notices.map(({ kind, text }) => [kind, text])).toEqual([
      ['error', 'boom'],
      ['error', 'text'],
    ])
  })
})
