import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ResultsFile } from '../../../src/core/results/resultsFile.ts'
import { LayerResult } from '../../../src/core/scan/layerResult.ts'
import { exportResults } from '../../../src/state/exports/exportResults.ts'
import { readyApp } from '../../fixtures/fakeWorkers.ts'
import { firstImages, summary } from '../../fixtures/summaries.ts'

afterEach(() => vi.unstubAllGlobals())

/** An app whose results have many more channels than its layers, so that the file has hundreds of megabytes. */
async function wideApp(channels: number) {
  const { store } = await readyApp({}, 40)
  const values = Float32Array.from({ length: 40 * channels }, (_, i) => Math.fround(Math.sin(i)))
  const result = new LayerResult(channels, 1, 25)
  result.absorb(summary(channels, values, { min: values }), firstImages(40))
  store.setState({ results: new Map([['first', result]]) })
  return { store, result }
}

describe('saving results of a wide network', () => {
  it('gives the text to the browser bit by bit', async () => {
    const sizes: number[] = []
    class Counted extends Blob {
      constructor(parts: BlobPart[], options?: BlobPropertyBag) {
        super(parts, options)
        if (parts.every((part) => typeof part === 'string')) sizes.push(this.size)
      }
    }
    vi.stubGlobal('Blob', Counted)
    const { store } = await wideApp(5000)
    const saved = await exportResults(store.getState(), store.services)
    expect(saved!.blob.size).toBeGreaterThan(20e6)
    expect(Math.max(...sizes)).toBeLessThan(5e6)
    const file = JSON.parse(await saved!.blob.text()) as ResultsFile
    expect(file.layers[0]!.channels).toHaveLength(5000)
  })

  it('writes a layer that has grown meanwhile anew', async () => {
    const { store, result } = await wideApp(5000)
    const saving = exportResults(store.getState(), store.services)
    const growing = setInterval(() => {
      if (result.scanned === 40)
        result.absorb(summary(5000, new Float32Array(5000).fill(2)), Int32Array.of(39))
    }, 20)
    const saved = await saving
    clearInterval(growing)
    expect(result.scanned).toBe(41)
    const [layer] = (JSON.parse(await saved!.blob.text()) as ResultsFile).layers
    expect(layer!.scanned).toBe(41)
    for (const { top } of layer!.channels) expect(top[0]!.activation).toBe(2)
  })
})
