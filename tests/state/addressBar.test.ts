import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { followAddressBar } from '../../src/state/addressBar.ts'
import { modelFile, testApp } from '../fixtures/fakeWorkers.ts'

/** As much of a browser's window as the address bar needs. */
const bar = { hash: '', pathname: '/app/', search: '?project=demo' }
let page: EventTarget
let written: string[]

beforeEach(() => {
  bar.hash = ''
  page = new EventTarget()
  written = []
  vi.stubGlobal('location', bar)
  vi.stubGlobal('window', page)
  vi.stubGlobal('history', {
    state: null,
    replaceState(_: unknown, __: string, url: string) {
      written.push(url)
      bar.hash = url.startsWith('#') ? url : ''
    },
  })
})

afterEach(() => {
  vi.unstubAllGlobals()
})

/** The user changes the hash by hand, or follows a link inside of the page. */
function goTo(hash: string): void {
  bar.hash = hash
  page.dispatchEvent(new Event('hashchange'))
}

describe('the address bar', () => {
  it('of a link is the view once the model is there', async () => {
    bar.hash = '#layer=second&channel=3&patch=2&sort=class&dead=hidden'
    const { store } = testApp()
    followAddressBar(store)
    const view = { layer: 'second', channel: 3, patch: 2, sort: 'class', hideDead: true }
    expect(store.getState()).toMatchObject(view)
    await store.getState().openModel([modelFile()])
    expect(store.getState()).toMatchObject(view)
    expect(bar.hash).toBe('#layer=second&channel=3&patch=2&sort=class&dead=hidden')
  })

  it('says what is shown, without a new entry of the history', async () => {
    const { store } = testApp()
    followAddressBar(store)
    await store.getState().openModel([modelFile()])
    store.getState().showChannel(1)
    store.getState().showPatch(4)
    store.getState().showPatch(4)
    expect(written).toEqual(['#layer=first', '#layer=first&channel=1', '#layer=first&channel=1&patch=4'])
  })

  it('is the bare address for a fresh view', () => {
    const { store } = testApp()
    followAddressBar(store)
    store.getState().setView({ hideDead: true })
    store.getState().setView({ hideDead: false })
    expect(written).toEqual(['#dead=hidden', '/app/?project=demo'])
  })

  it('changed by hand changes the view', async () => {
    const { store } = testApp()
    followAddressBar(store)
    await store.getState().openModel([modelFile()])
    goTo('#layer=second&channel=2')
    expect(store.getState()).toMatchObject({ layer: 'second', channel: 2, patch: 0 })
  })

  it.each(['', '#sort=class', '#channel=2', '#layer=third&channel=2', '#layer=flat&channel=2'])(
    'changed to %j, which names no layer of the model, keeps the layer',
    async (hash) => {
      const { store } = testApp()
      followAddressBar(store)
      await store.getState().openModel([modelFile()])
      store.getState().showLayer('second')
      store.getState().showChannel(1, 2)
      goTo(hash)
      expect(store.getState()).toMatchObject({ layer: 'second', channel: null, patch: 0 })
      expect(bar.hash).toBe(hash === '#sort=class' ? '#layer=second&sort=class' : '#layer=second')
    },
  )

  it('changed to a channel that is not there shows the layer', async () => {
    const { store } = testApp()
    followAddressBar(store)
    await store.getState().openModel([modelFile()])
    goTo('#layer=second&channel=4')
    expect(store.getState()).toMatchObject({ layer: 'second', channel: null, patch: 0 })
  })

  it('changed to what leaves the view as it is says what is shown all the same', async () => {
    const { store } = testApp()
    followAddressBar(store)
    await store.getState().openModel([modelFile()])
    goTo('#layer=third')
    expect(store.getState().layer).toBe('first')
    expect(bar.hash).toBe('#layer=first')
  })
})
