/** Files that earlier versions of Urpatch have written open and show what they hold. `tests/make/makeOldResults.mjs` writes them. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { activity } from '../../../src/core/scan/statistics/activity.ts'
import { histogram } from '../../../src/core/scan/statistics/histogram.ts'
import { maxima } from '../../../src/core/scan/statistics/maxima.ts'
import { exporters } from '../../../src/state/exports/index.ts'
import { aloneOf, tableOf } from '../../../src/state/selectors/shown.ts'
import { exportOptions } from '../../fixtures/exportOptions.ts'
import { settled, testApp } from '../../fixtures/fakeWorkers.ts'

const folder = path.join(import.meta.dirname, '../../fixtures/old')
const files = readdirSync(folder)

describe('a file of an earlier version', () => {
  it('is there of several', () => {
    expect(files.filter((name) => name.endsWith('.json.gz')).length).toBeGreaterThan(2)
    expect(files.filter((name) => name.endsWith('.urpatch.gz')).length).toBeGreaterThan(0)
  })

  it.each(files)('%s shows its channels, numbers, classes and boxes', async (name) => {
    const { store } = testApp()
    const content = gunzipSync(readFileSync(path.join(folder, name)))
    expect(await store.getState().openResults(new File([content], name.replace(/\.gz$/, '')))).toBe(true)
    for (let i = 0; i < 20; i++) await settled()
    expect(store.getState().notices.filter(({ kind }) => kind === 'error')).toEqual([])
    const recorded = aloneOf(store.getState())!
    expect(recorded.layers.map((layer) => layer.name)).toEqual(['conv', 'global'])
    const { paths, classNames } = tableOf(store.getState())!
    expect(classNames.length).toBeGreaterThan(1)
    for (const result of recorded.results.values()) {
      expect(result.scanned).toBeGreaterThan(100)
      const live = [...Array(result.channels).keys()].filter((channel) => !result.isDead(channel))
      expect(live.length).toBeGreaterThan(0)
      for (const channel of live) {
        const top = result.top(channel, 5)
        for (const { image, place } of top) {
          expect(paths[image]).toMatch(/\.png$/)
          expect(place!.box).toHaveLength(4)
        }
        if (top.length === 0) continue
        expect(result.of(maxima, channel)!.mean).toEqual(expect.any(Number))
        expect(result.of(activity, channel)).toBeDefined()
        expect(result.of(histogram, channel)!.bins.length).toBeGreaterThan(0)
      }
    }
    for (const id of ['arrays', 'patches', 'table', 'page', 'results']) {
      const exporter = exporters.find((one) => one.id === id)!
      const [file] = await exporter.make(store.getState(), store.services, exportOptions)
      expect(file!.blob.size).toBeGreaterThan(500)
    }
  })
})
