/** Files that are damaged, of another version, made up or full of odd names: told in a sentence, with nothing lost. */
import { parquetReadObjects } from 'hyparquet'
import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import { exporters } from '../../../src/state/exports/index.ts'
import type { AppStore } from '../../../src/state/store.ts'
import { exportOptions } from '../../fixtures/exportOptions.ts'
import { settled, testApp } from '../../fixtures/fakeWorkers.ts'
import { readNpy, readZip } from '../../fixtures/npz.ts'
import { resultsFile, resultsParts } from '../../fixtures/resultsFiles.ts'
import { snapshotBytes } from '../../fixtures/snapshots.ts'

const json = resultsFile(resultsParts(4))
const snapshot = snapshotBytes()
/** A snapshot whose head is other text of the same length. */
function withText(from: string, to: string): Uint8Array<ArrayBuffer> {
  const at = Buffer.from(snapshot).indexOf(from, undefined, 'latin1')
  if (at < 0 || from.length !== to.length) throw new Error(`${from} cannot be ${to}`)
  const bytes = snapshot.slice()
  bytes.set(Buffer.from(to, 'latin1'), at)
  return bytes
}
const newerSnapshot = snapshot.slice()
new DataView(newerSnapshot.buffer).setUint32(8, 9, true)

const bad: readonly (readonly [what: string, content: string | Uint8Array<ArrayBuffer>, told: RegExp])[] = [
  ['results that are cut off', json.slice(0, 3000), /is cut off after 3,\d+ bytes/],
  ['results that end within their head', json.slice(0, 40), /is cut off after 40 bytes/],
  ['results of a newer version', json.replace('"version":1', '"version":7'), /newer Urpatch/],
  ['results of no version', json.replace('"version":1', '"version":"1"'), /version/],
  ['results with a huge count', json.replace(/"count":\d+/, '"count":1e300'), /count/],
  ['results with a huge k', json.replace(/"k":4/, '"k":4000000000'), /\bk\b/],
  ['results with a negative shape', json.replace(/"shape":\[\d+/, '"shape":[-3'), /shape/],
  [
    'results whose layers are keys',
    json.replace('"layers":[', '"layers":{"__proto__":[').replace(/\]\}$/, ']}}'),
    /layers/,
  ],
  ['a snapshot that is cut off', snapshot.slice(0, 900), /is cut off after 900 bytes/],
  ['a snapshot that is cut off in its last array', snapshot.slice(0, -1), /is cut off after/],
  ['a snapshot of a newer version', newerSnapshot, /newer Urpatch/],
  ['a snapshot with a huge count', withText('"count":131', '"count":9e9'), /count/],
  ['a snapshot with more after its end', Uint8Array.of(...snapshot, 0), /no whole snapshot/],
]

describe('a bad file', () => {
  it.each(bad)('%s is told in one sentence, and what is open stays', async (_, content, told) => {
    const { store } = testApp()
    await store.getState().openResults(new File([json], 'good.urpatch.json'))
    const { recorded, notices } = store.getState()
    expect(recorded!.layers.length).toBeGreaterThan(1)
    const name = typeof content === 'string' ? 'bad.urpatch.json' : 'bad.urpatch'
    expect(await store.getState().openResults(new File([content], name))).toBe(false)
    const now = store.getState()
    expect(now.recorded).toBe(recorded)
    expect(now.openingResults).toBeNull()
    const news = now.notices.slice(notices.length)
    expect(news.map(({ kind }) => kind)).toEqual(['error'])
    expect(news[0]!.text).toMatch(/^(The results in )?bad\.urpatch(\.json)? [^\n]*\.$/)
    expect(news[0]!.text).toMatch(told)
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

const odd = {
  conv: '__proto__',
  global: '<img src=x onerror=alert(1)>',
  cat: '</script><script>alert(2)</script>',
  'dog/1.png': '=HYPERLINK("//x")/../../1.png',
  猫: 'constructor',
  'animals.h5': '"><b onload="x">\u202e.h5',
}

describe('odd names', () => {
  const text = Object.entries(odd).reduce(
    (all, [from, to]) => all.replaceAll(JSON.stringify(from), JSON.stringify(to)),
    json,
  )

  async function opened(): Promise<AppStore> {
    const { store } = testApp()
    expect(await store.getState().openResults(new File([text], 'odd.urpatch.json'))).toBe(true)
    for (let i = 0; i < 20; i++) await settled()
    return store
  }

  async function saved(store: AppStore, id: string): Promise<Buffer> {
    const exporter = exporters.find((one) => one.id === id)!
    const [file] = await exporter.make(store.getState(), store.services, exportOptions)
    return Buffer.from(await file!.blob.arrayBuffer())
  }

  it('are the same in every file that is made of them', async () => {
    const store = await opened()
    expect((await saved(store, 'results')).toString()).toBe(text)
    const layers = [odd.conv, odd.global]
    const arrays = readZip(await saved(store, 'arrays'))
    const texts = (name: string) => readNpy(arrays.get(`${name}.npy`)!).values
    expect(texts('layers')).toEqual(layers)
    expect(texts('paths')).toContain(odd['dog/1.png'])
    expect(texts('class_names')).toContain(odd.cat)
    expect(arrays.has(`${odd.conv}/bb.npy`)).toBe(true)
    for (const id of ['table-parquet', 'patches-parquet']) {
      const bytes = await saved(store, id)
      const rows = await parquetReadObjects({ file: new Uint8Array(bytes).buffer })
      expect([...new Set(rows.map(({ layer }) => layer))]).toEqual(layers)
    }
    for (const id of ['table', 'patches']) {
      const rows = Papa.parse<Record<string, string>>((await saved(store, id)).toString(), {
        header: true,
        skipEmptyLines: true,
      }).data
      expect([...new Set(rows.map(({ layer }) => layer))]).toEqual(layers)
      for (const row of rows) for (const cell of Object.values(row)) expect(cell).not.toMatch(/^=/)
    }
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  it('are text on the saved page', async () => {
    const page = (await saved(await opened(), 'page')).toString()
    const plain = Object.values(odd).filter((name) => /[<"]/.test(name))
    for (const name of plain) expect(page).not.toContain(name)
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;')
    // The page has one script of its own, and nothing of a name opens a tag.
    expect(page.match(/<script/g)).toHaveLength(1)
    expect(page).not.toMatch(/<(img|b) /)
  })
})
