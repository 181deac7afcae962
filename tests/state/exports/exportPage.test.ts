import { describe, expect, it } from 'vitest'
import type { ResultsFile } from '../../../src/core/results/resultsFile.ts'
import { pageExporter } from '../../../src/state/exports/exportPage.ts'
import { exportResults } from '../../../src/state/exports/exportResults.ts'
import { patchesOf } from '../../../src/state/mosaic/patches.ts'
import type { AppStore } from '../../../src/state/store.ts'
import { exportOptions } from '../../fixtures/exportOptions.ts'
import { channels, readyApp, settled, testApp } from '../../fixtures/fakeWorkers.ts'

async function pageOf(store: AppStore): Promise<{ name: string; html: string }> {
  const [file] = await pageExporter.make(store.getState(), store.services, exportOptions)
  return { name: file!.name, html: await file!.blob.text() }
}

async function scannedApp(): Promise<AppStore> {
  const { store } = await readyApp({}, 40)
  await store.getState().run(['first', 'second'])
  return store
}

const idsOf = (html: string): string[] => Array.from(html.matchAll(/<article id="([^"]*)"/g), ([, id]) => id!)
const every = ['first', 'second'].flatMap((layer) =>
  Array.from({ length: channels }, (_, channel) => `${layer}/${channel}`),
)

describe('the page', () => {
  it('has every channel of every scanned layer, each that is alive with its picture', async () => {
    const store = await scannedApp()
    store.getState().setNote('second', 2, { name: '<b>eye</b>', family: 'eyes', star: true, note: 'round' })
    const { name, html } = await pageOf(store)
    expect(name).toBe('animals.html')
    expect(idsOf(html)).toEqual(every)
    // Channel 0 is dead.
    expect(html.match(/src="data:image\/jpeg;base64,AQID"/g)).toHaveLength(2 * (channels - 1))
    expect(html).toContain('2 · &lt;b&gt;eye&lt;/b&gt;')
    expect(html).toContain('<p class="note">Family: eyes\nround</p>')
    const text = await (await exportResults(store.getState(), store.services))!.blob.text()
    const { layers } = JSON.parse(text) as ResultsFile
    const classesOf = layers.flatMap((layer) =>
      layer.channels.flatMap(({ classes = [] }) => {
        const some = classes.filter(({ top }) => top > 0).toSorted((a, b) => b.top - a.top)
        return some.length > 0 ? [some.map((one) => `${one.class} ${one.top}`).join(', ')] : []
      }),
    )
    expect(Array.from(html.matchAll(/<p>([^<]*)<\/p>\n<p class/g), ([, told]) => told)).toEqual(classesOf)
    expect(html).toMatch(/<option value="cat">cat<\/option><option value="dog">/)
    expect(html.trimEnd().endsWith('</html>')).toBe(true)
  })

  it('has the pictures that have been made, with what they reach, and makes none', async () => {
    const store = await scannedApp()
    const { html: plain } = await pageOf(store)
    expect(plain).not.toContain('class="made"')
    const { results, makePicture } = store.getState()
    const [patch] = patchesOf(store.getState().model, 'second', results.get('second')!, 2, 1)
    const wish = { layer: 'second', channel: 2, patch: patch!, whole: false, nth: 0 }
    const never = new AbortController().signal
    const made = (await makePicture({ ...wish, way: 'accentuate' }, never))!
    const { html } = await pageOf(store)
    const [card] = html.split('<article').filter((one) => one.includes('class="made"'))
    expect(card).toContain('id="second/2"')
    const { width, height } = made.picture
    expect(card).toMatch(
      new RegExp(
        `src="data:image/bmp;base64,Qk[^"]*" width="${width >= height ? 84 : Math.round((84 * width) / height)}"`,
      ),
    )
    expect(card).toContain(`Accentuated patch: ${exportOptions.write(made.outcome!.made.value)}`)
    expect(html.replace(/<div class="made">.*<\/div>\n/, '')).toBe(plain)
  })

  it('of a results file without images has all but the pictures, with the same classes', async () => {
    const scanned = await scannedApp()
    const text = await (await exportResults(scanned.getState(), scanned.services))!.blob.text()
    const { store } = testApp()
    await store.getState().openResults(new File([text], 'results.urpatch.json'))
    for (let i = 0; i < 20; i++) await settled()
    const [{ html: live }, { html }] = [await pageOf(scanned), await pageOf(store)]
    expect(html).not.toContain('<img')
    expect(html).toBe(live.replaceAll(/<img [^>]*>\n/g, ''))
  })
})
