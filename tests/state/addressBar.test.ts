import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { followAddressBar } from '../../src/state/addressBar.ts'
import type { AppStore } from '../../src/state/store.ts'
import { modelFile, settled, testApp } from '../fixtures/fakeWorkers.ts'

interface Entry {
  state: unknown
  hash: string
}

/** Imitates a browser's window as far as the address bar needs it: a hash, and a history of hashes. */
let entries: Entry[]
let at: number
let page: EventTarget
const bar = {
  pathname: '/app/',
  search: '?project=demo',
  get hash(): string {
    return entries[at]!.hash
  },
}

const hashOf = (url: string): string => (url.startsWith('#') ? url : '')

beforeEach(() => {
  entries = [{ state: null, hash: '' }]
  at = 0
  page = new EventTarget()
  vi.stubGlobal('location', bar)
  vi.stubGlobal('window', page)
  vi.stubGlobal('history', {
    get state(): unknown {
      return entries[at]!.state
    },
    replaceState(state: unknown, _: string, url: string) {
      entries[at] = { state, hash: hashOf(url) }
    },
    pushState(state: unknown, _: string, url: string) {
      entries.splice(++at, Infinity, { state, hash: hashOf(url) })
    },
    back: () => void go(-1),
  })
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** Goes through the history as a browser does: later, and with an event. */
async function go(by: number): Promise<void> {
  await settled()
  at += by
  page.dispatchEvent(new Event('popstate'))
  await settled()
}

/** Changes the hash as a user does by hand, or by following a link inside of the page. */
async function goTo(hash: string): Promise<void> {
  entries.splice(++at, Infinity, { state: null, hash })
  page.dispatchEvent(new Event('popstate'))
  await settled()
}

async function opened(hash = ''): Promise<AppStore> {
  entries[0]!.hash = hash
  const { store } = testApp()
  followAddressBar(store)
  await store.getState().openModel([modelFile()])
  await settled()
  return store
}

/** The hashes of all entries in the history. */
const hashes = (): string[] => entries.map(({ hash }) => hash)

describe('the address bar', () => {
  it('of a link is the view once the model is there', async () => {
    entries[0]!.hash = '#layer=second&channel=3&patch=2&sort=class&dead=hidden&page=trace'
    const { store } = testApp()
    followAddressBar(store)
    const view = { layer: 'second', channel: 3, patch: 2, sort: 'class', hideDead: true, page: 'trace' }
    expect(store.getState()).toMatchObject(view)
    await store.getState().openModel([modelFile()])
    await settled()
    expect(store.getState()).toMatchObject(view)
    expect(hashes()).toEqual(['#layer=second&channel=3&patch=2&sort=class&dead=hidden&page=trace'])
  })

  it('is the bare address for a fresh view', async () => {
    const { store } = testApp()
    followAddressBar(store)
    store.getState().setView({ hideDead: true })
    await settled()
    expect(bar.hash).toBe('#dead=hidden')
    store.getState().setView({ hideDead: false })
    await settled()
    expect(bar.hash).toBe('')
  })

  it('changed by hand changes the view', async () => {
    const store = await opened()
    await goTo('#layer=second&channel=2')
    expect(store.getState()).toMatchObject({ layer: 'second', channel: 2, patch: 0 })
  })

  it.each(['', '#sort=class', '#channel=2', '#layer=third&channel=2', '#layer=flat&channel=2'])(
    'changed to %j, which names no layer of the model, keeps the layer',
    async (hash) => {
      const store = await opened()
      store.getState().showLayer('second')
      store.getState().showChannel(1, 2)
      await goTo(hash)
      expect(store.getState()).toMatchObject({ layer: 'second', channel: null, patch: 0 })
      expect(bar.hash).toBe(hash === '#sort=class' ? '#layer=second&sort=class' : '#layer=second')
    },
  )

  it('changed to a channel that is not there shows the layer', async () => {
    const store = await opened()
    await goTo('#layer=second&channel=4')
    expect(store.getState()).toMatchObject({ layer: 'second', channel: null, patch: 0 })
  })

  it('changed to what leaves the view as it is says what is shown all the same', async () => {
    const store = await opened()
    await goTo('#layer=third')
    expect(store.getState().layer).toBe('first')
    expect(bar.hash).toBe('#layer=first')
  })
})

describe('the history', () => {
  it('has an entry for what is opened, and none for what is looked through', async () => {
    const store = await opened()
    store.getState().showChannel(1)
    await settled()
    store.getState().showChannel(2)
    await settled()
    store.getState().showPatch(4)
    await settled()
    store.getState().setView({ sort: 'class' })
    await settled()
    store.getState().showPage('trace')
    await settled()
    expect(hashes()).toEqual([
      '#layer=first',
      '#layer=first&channel=2&patch=4&sort=class',
      '#layer=first&channel=2&patch=4&sort=class&page=trace',
    ])
  })

  it('goes back to what was there before, one by one, and forth again; the model stays', async () => {
    const store = await opened()
    const { model } = store.getState()
    store.getState().showLayer('second')
    await settled()
    store.getState().showChannel(3)
    await settled()
    store.getState().showPage('summary')
    await settled()
    await go(-1)
    expect(store.getState()).toMatchObject({ layer: 'second', channel: 3, page: null })
    await go(-1)
    expect(store.getState()).toMatchObject({ layer: 'second', channel: null, page: null })
    await go(-1)
    expect(store.getState()).toMatchObject({ layer: 'first', channel: null })
    await go(1)
    await go(1)
    expect(store.getState()).toMatchObject({ layer: 'second', channel: 3, page: null })
    expect(store.getState().model).toBe(model)
    expect(hashes()).toHaveLength(4)
  })

  it('is left as it was by opening and closing', async () => {
    const store = await opened()
    store.getState().showChannel(1)
    await settled()
    store.getState().showPage('trace')
    await settled()
    store.getState().showPage(null)
    await settled()
    await settled()
    expect([at, store.getState().channel, store.getState().page]).toEqual([1, 1, null])
    store.getState().showChannel(2)
    await settled()
    store.getState().showChannel(null)
    await settled()
    await settled()
    expect([at, bar.hash, store.getState().channel]).toEqual([0, '#layer=first', null])
  })

  it('has an entry for each view of a layer that is opened', async () => {
    const store = await opened()
    store.getState().showView('table')
    await settled()
    store.getState().showView('classes')
    await settled()
    store.getState().showView('mosaics')
    await settled()
    expect(hashes()).toEqual([
      '#layer=first',
      '#layer=first&view=table',
      '#layer=first&view=classes',
      '#layer=first',
    ])
    await go(-1)
    expect(store.getState()).toMatchObject({ layer: 'first', view: 'classes' })
  })

  it('comes back to the page from which a channel was opened', async () => {
    const store = await opened()
    store.getState().showChannel(2)
    await settled()
    store.getState().showPage('summary')
    await settled()
    store.getState().showChannel(1)
    store.getState().showPage(null)
    await settled()
    expect([hashes().length, bar.hash]).toEqual([4, '#layer=first&channel=1'])
    await go(-1)
    expect(store.getState()).toMatchObject({ channel: 2, page: 'summary' })
  })

  it('leads back from a channel to the page of an image that it was opened from', async () => {
    const store = await opened()
    store.getState().showImage('a/1.png')
    await settled()
    store.getState().showImage('a/2.png')
    await settled()
    store.getState().followChannel('second', 3)
    await settled()
    expect(hashes()).toEqual(['#layer=first', '#layer=first&image=a%2F2.png', '#layer=second&channel=3'])
    await go(-1)
    expect(store.getState()).toMatchObject({ layer: 'first', channel: null, page: 'image', image: 'a/2.png' })
    await go(-1)
    expect(store.getState()).toMatchObject({ layer: 'first', channel: null, page: null })
  })

  it('has an entry for the full width of a channel, which Back takes back', async () => {
    const store = await opened()
    store.getState().showChannel(1)
    await settled()
    store.getState().showFull(true)
    await settled()
    store.getState().showChannel(2)
    await settled()
    expect(hashes()).toEqual(['#layer=first', '#layer=first&channel=1', '#layer=first&channel=2&width=full'])
    await go(-1)
    expect(store.getState()).toMatchObject({ channel: 1, full: false })
    await go(1)
    expect(store.getState()).toMatchObject({ channel: 2, full: true })
    // Closing it without a step to another channel is Back as well.
    await go(-1)
    store.getState().showFull(true)
    await settled()
    store.getState().showFull(false)
    await settled()
    await settled()
    expect([at, bar.hash]).toEqual([1, '#layer=first&channel=1'])
  })

  it('keeps what the user opens while the browser is still on its way back', async () => {
    const store = await opened()
    store.getState().showChannel(1)
    await settled()
    store.getState().showChannel(null)
    await Promise.resolve()
    store.getState().showChannel(2)
    await settled()
    await settled()
    expect(store.getState().channel).toBe(2)
    expect(bar.hash).toBe('#layer=first&channel=2')
  })

  it('of a link that opened a channel stays where it is when the channel is closed', async () => {
    const store = await opened('#layer=second&channel=3')
    store.getState().showChannel(null)
    await settled()
    expect([at, hashes()]).toEqual([0, ['#layer=second']])
  })

  it('has one entry for layers that are passed by quickly, and one for each that is stayed at', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const store = await opened()
    for (const layer of ['second', 'first', 'second']) {
      vi.advanceTimersByTime(100)
      store.getState().showLayer(layer)
      await settled()
    }
    expect(hashes()).toEqual(['#layer=first', '#layer=second'])
    vi.advanceTimersByTime(2000)
    store.getState().showLayer('first')
    await settled()
    expect(hashes()).toEqual(['#layer=first', '#layer=second', '#layer=first'])
  })

  it('has no entry for what opening another model shows', async () => {
    const store = await opened('#layer=second')
    store.getState().showChannel(1)
    await settled()
    const before = entries.length
    await store.getState().openModel([modelFile('other.h5')])
    await settled()
    expect(entries).toHaveLength(before)
  })
})
