import { describe, expect, it } from 'vitest'
import { clauseError } from '../../../src/core/errors.ts'
import { fitView } from '../../../src/state/selectors/view.ts'
import { channels, readyApp, smallNetwork, testApp } from '../../fixtures/fakeWorkers.ts'

describe('the view', () => {
  it('keeps a channel open with another layer: the one last looked at there, else the same number, else the first', async () => {
    const { store } = await readyApp()
    const { showLayer, showChannel } = store.getState()
    const shown = (): unknown => {
      const { layer, channel, patch } = store.getState()
      return [layer, channel, patch]
    }
    showLayer('first')
    showChannel(3, 2)
    showLayer('first')
    expect(shown()).toEqual(['first', 3, 2])
    showLayer('second')
    expect(shown()).toEqual(['second', 3, 0])
    showChannel(1)
    showLayer('first')
    expect(shown()).toEqual(['first', 3, 0])
    showLayer('second')
    expect(shown()).toEqual(['second', 1, 0])
    showChannel(null)
    showLayer('first')
    expect(shown()).toEqual(['first', null, 0])

    const network = smallNetwork()
    const layers = network.layers.map((layer) =>
      layer.name === 'second' && layer.op !== null
        ? { ...layer, shape: [...layer.shape.slice(0, -1), 2] }
        : layer,
    )
    store.setState({ model: { ...store.getState().model!, network: { ...network, layers } } })
    showChannel(3)
    showLayer('second')
    expect(shown()).toEqual(['second', 0, 0])
  })

  it('shows the first patch of another channel', () => {
    const { store } = testApp()
    store.getState().showChannel(5)
    store.getState().showPatch(7)
    expect(store.getState()).toMatchObject({ channel: 5, patch: 7 })
    store.getState().showChannel(6)
    expect(store.getState().patch).toBe(0)
  })

  it('changes one setting and keeps the others', () => {
    const { store } = testApp()
    store.getState().setView({ hideDead: true })
    store.getState().setView({ sort: 'class' })
    expect(store.getState()).toMatchObject({ hideDead: true, sort: 'class', tileSize: 'medium' })
  })
})

describe('notices', () => {
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
    // @ts-expect-error A clause is to be finished by whoever knows the image.
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

describe('a link and a model', () => {
  const network = smallNetwork()
  const link = { layer: 'second', channel: 3, patch: 2 }

  it('that has its layer and channel agree', () => {
    expect(fitView(network, link, 'first')).toEqual(link)
    expect(fitView(network, { ...link, channel: 0 }, 'first')).toEqual({ ...link, channel: 0 })
  })

  it.each([
    ['is not there', 'third'],
    ['cannot be scanned', 'flat'],
    ['is not named', null],
  ])('whose layer %s: the fallback, without a channel', (_, layer) => {
    expect(fitView(network, { ...link, layer }, 'first')).toEqual({ layer: 'first', channel: null, patch: 0 })
    expect(fitView(network, { ...link, layer }, null)).toEqual({ layer: null, channel: null, patch: 0 })
  })

  it('whose layer has fewer channels: the layer without a channel', () => {
    for (const channel of [channels, 2047, null])
      expect(fitView(network, { ...link, channel }, 'first')).toEqual({
        layer: 'second',
        channel: null,
        patch: 0,
      })
  })
})
