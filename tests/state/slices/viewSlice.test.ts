import { describe, expect, it } from 'vitest'
import { readyApp, smallNetwork, testApp } from '../../fixtures/fakeWorkers.ts'

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

  it('has the full width for an open channel only, and for the next ones', () => {
    const { store } = testApp()
    store.getState().showFull(true)
    expect(store.getState().full).toBe(false)
    store.getState().showChannel(5)
    store.getState().showFull(true)
    store.getState().showChannel(6)
    expect(store.getState().full).toBe(true)
    store.getState().showChannel(null)
    expect(store.getState().full).toBe(false)
    // As after a link to a channel that is not there.
    store.setState({ full: true })
    store.getState().showChannel(1)
    expect(store.getState().full).toBe(false)
  })

  it('changes one setting and keeps the others', () => {
    const { store } = testApp()
    store.getState().setView({ hideDead: true })
    store.getState().setView({ sort: 'class' })
    expect(store.getState()).toMatchObject({ hideDead: true, sort: 'class', tileSize: 'medium' })
  })
})
