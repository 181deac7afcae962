/** The list of everything that can be saved, as the Export menu shows it, scripts get it and the command line writes it. */
import { describe, expect, it } from 'vitest'
import { LayerResult } from '../../../src/core/scan/layerResult.ts'
import { exporterFor, exporters } from '../../../src/state/exports/index.ts'
import type { AppStore } from '../../../src/state/store.ts'
import { exportOptions } from '../../fixtures/exportOptions.ts'
import { readyApp } from '../../fixtures/fakeWorkers.ts'
import { firstImages, summary } from '../../fixtures/summaries.ts'

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
    expect(applying(scanned)).toEqual([
      'results',
      'snapshot',
      'page',
      'arrays',
      'table',
      'patches',
      'table-parquet',
      'patches-parquet',
      'channels',
      'svg',
      'pdf',
    ])
    scanned.setState({ channel: 1 })
    expect(applying(scanned)).toEqual([
      'results',
      'snapshot',
      'page',
      'arrays',
      'table',
      'patches',
      'table-parquet',
      'patches-parquet',
      'channel',
      'channels',
      'svg',
      'pdf',
    ])
  })

  it('makes files of its ending', async () => {
    const store = await scannedApp()
    store.setState({ channel: 1 })
    store.getState().setNote('first', 1, { name: 'eye' })
    for (const { ending, make } of exporters) {
      const files = await make(store.getState(), store.services, exportOptions)
      expect(files.map(({ name }) => name.endsWith(ending))).toEqual([true])
    }
  })

  it('says on its pictures if patches are cut at seats', async () => {
    const store = await scannedApp()
    const { make } = exporters.find(({ id }) => id === 'channels')!
    const noteOf = async (): Promise<string> => {
      const notes: string[] = []
      const { gallery } = store.services
      const figures: typeof gallery.figures = (requests, framing, sheet, head, format) => {
        notes.push(head[1])
        return gallery.figures(requests, framing, sheet, head, format)
      }
      const services = { ...store.services, gallery: { ...gallery, figures } as typeof gallery }
      await make(store.getState(), services, exportOptions)
      return notes.join()
    }
    expect(await noteOf()).toMatch(/^The strongest patches of 4 images of \S+, with their activations$/)
    const model = store.getState().model!
    const seat = { size: [6, 4], stride: [6, 4] } as const
    const fields = model.fields.map((field) => field && { ...field, whole: true, seat })
    store.setState({ model: { ...model, fields } })
    expect(await noteOf()).toMatch(
      /^The strongest patches of 4 images of \S+, cut at the seats of their units \(6×4\), with their activations$/,
    )
  })

  it('says why there is no file where there is none', async () => {
    const store = await scannedApp()
    store.setState({ channel: 0 })
    const { make, nothing } = exporters.find(({ id }) => id === 'channel')!
    expect(await make(store.getState(), store.services, exportOptions)).toEqual([])
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
