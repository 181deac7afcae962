/** The list of everything that can be saved, as the Export menu shows it, scripts get it and the command line writes it. */
import { describe, expect, it } from 'vitest'
import { LayerResult } from '../../../src/core/scan/layerResult.ts'
import { exporterFor, exporters } from '../../../src/state/exports/index.ts'
import type { AppStore } from '../../../src/state/store.ts'
import { readyApp } from '../../fixtures/fakeWorkers.ts'
import { firstImages, summary } from '../../fixtures/summaries.ts'

const options = { sheet: { width: 600, scale: 1 }, write: String }

/** Channel 0 of the layer is dead. */
async function scannedApp(): Promise<AppStore> {
  const { store } = await readyApp({}, 4)
  const values = Float32Array.of(0, 1, 0, 2, 0, 3, 0, 4)
  const result = new LayerResult(2, 1, 4)
  result.absorb(summary(2, values), firstImages(4))
  store.setState({ results: new Map([['first', result]]), layer: 'first', channel: null })
  return store
}

function applying({ getState }: AppStore): string[] {
  return exporters.filter(({ applies }) => applies(getState())).map(({ id }) => id)
}

describe('an exporter', () => {
  it('applies as soon as there is something of it to save', async () => {
    const { store } = await readyApp({}, 4)
    expect(applying(store)).toEqual([])
    store.setState({ layer: 'first', channel: 1 })
    expect(applying(store)).toEqual([])
    const scanned = await scannedApp()
    expect(applying(scanned)).toEqual(['results', 'table', 'channels'])
    scanned.setState({ channel: 1 })
    expect(applying(scanned)).toEqual(['results', 'table', 'channel', 'channels'])
  })

  it('makes files of its ending', async () => {
    const store = await scannedApp()
    store.setState({ channel: 1 })
    store.getState().setNote('first', 1, { name: 'eye' })
    for (const { ending, make } of exporters) {
      const files = await make(store.getState(), store.services, options)
      expect(files.map(({ name }) => name.endsWith(ending))).toEqual([true])
    }
  })

  it('says why there is no file where there is none', async () => {
    const store = await scannedApp()
    store.setState({ channel: 0 })
    const { make, nothing } = exporters.find(({ id }) => id === 'channel')!
    expect(await make(store.getState(), store.services, options)).toEqual([])
    expect(nothing).toBe('There is no picture to save: the channel is dead.')
  })

  it('has an id of its own', () => {
    expect(new Set(exporters.map(({ id }) => id)).size).toBe(exporters.length)
  })
})

describe('the name of a file', () => {
  it('stands for the exporter that has its ending and saves the whole scan', () => {
    for (const exporter of exporters.filter(({ isWhole }) => isWhole)) {
      expect(exporterFor(`/some/where/a${exporter.ending}`)).toBe(exporter)
      expect(exporterFor(`A${exporter.ending.toUpperCase()}`)).toBe(exporter)
    }
  })

  it('of any other ending stands for the results file', () => {
    for (const name of ['out.json', 'out', 'a.png']) expect(exporterFor(name).id).toBe('results')
  })
})
