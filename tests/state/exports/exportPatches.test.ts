import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import type { ResultsFile } from '../../../src/core/results/resultsFile.ts'
import { patchesExporter } from '../../../src/state/exports/exportPatches.ts'
import { exportResults } from '../../../src/state/exports/exportResults.ts'
import type { AppStore } from '../../../src/state/store.ts'
import { exportOptions } from '../../fixtures/exportOptions.ts'
import { folderOf, modelFile, settled, sourceOf, testApp } from '../../fixtures/fakeWorkers.ts'
import { growingChannels, savedWhileGrowing } from '../../fixtures/growing.ts'

async function tableOf(store: AppStore): Promise<Record<string, string>[]> {
  const [file] = await patchesExporter.make(store.getState(), store.services, exportOptions)
  const { data, errors } = Papa.parse<Record<string, string>>(await file!.blob.text(), {
    header: true,
    skipEmptyLines: true,
    newline: '\r\n',
  })
  expect(errors).toEqual([])
  return data
}

/** The rows that the results file says. */
function rowsOf(text: string, nameOf: (layer: string, channel: number) => string): Record<string, string>[] {
  const file = JSON.parse(text) as ResultsFile
  return file.layers.flatMap((layer) =>
    layer.channels.flatMap(({ channel, top }) =>
      top.map(({ image, activation, unit, box, seat }, rank) => {
        const [top_, left, bottom, right] = box.map(String)
        const seats = seat?.map(String) ?? ['', '', '', '']
        return {
          layer: layer.name,
          channel: String(channel),
          name: nameOf(layer.name, channel),
          rank: String(rank),
          image,
          class: image.includes('/') ? image.slice(0, image.indexOf('/')) : '',
          activation: String(activation),
          row: String(unit[0]),
          column: String(unit[1]),
          top: top_!,
          left: left!,
          bottom: bottom!,
          right: right!,
          seatTop: seats[0]!,
          seatLeft: seats[1]!,
          seatBottom: seats[2]!,
          seatRight: seats[3]!,
        }
      }),
    ),
  )
}

async function textOf(store: AppStore): Promise<string> {
  return (await exportResults(store.getState(), store.services))!.blob.text()
}

async function scannedApp(paths: readonly string[]): Promise<AppStore> {
  const { store } = testApp()
  await store.getState().openModel([modelFile()])
  await store.getState().openImages(sourceOf('photos', folderOf(paths)))
  await store.getState().run(['first', 'second'])
  return store
}

const paths = ['cat/1, "small".png', 'cat/2.png', 'dog/猫.png', 'dog/3\n.png', 'dog/4.png']

describe('the table of patches', () => {
  it('has a row for each patch of the results file', async () => {
    const store = await scannedApp(paths)
    store.getState().setNote('first', 1, { name: 'eye, left' })
    const wanted = rowsOf(await textOf(store), (layer, channel) =>
      layer === 'first' && channel === 1 ? 'eye, left' : '',
    )
    expect(wanted).toHaveLength(2 * 3 * 5)
    expect(await tableOf(store)).toEqual(wanted)
  })

  it('has those of an opened file, with seats, and with the classes of images that are not open', async () => {
    const file = JSON.parse(await textOf(await scannedApp(paths))) as ResultsFile
    Object.assign(file.layers[0]!.channels[1]!.top[0]!, { seat: [1, 0, 3, 4] })
    const text = JSON.stringify(file)
    const open = async ({ store }: { store: AppStore }): Promise<Record<string, string>[]> => {
      await store.getState().openResults(new File([text], 'results.urpatch.json'))
      for (let i = 0; i < 20; i++) await settled()
      return tableOf(store)
    }
    const wanted = rowsOf(text, () => '')
    expect(wanted.some(({ seatBottom }) => seatBottom === '3')).toBe(true)
    expect(await open(testApp())).toEqual(wanted)
    const app = testApp()
    await app.store.getState().openModel([modelFile()])
    await app.store.getState().openImages(sourceOf('photos', folderOf(['cat/2.png', 'dog/4.png'])))
    expect(await open(app)).toEqual(wanted)
  })

  it('makes texts of names that would be formulas', async () => {
    const store = await scannedApp(['=1+2.png', 'b.png'])
    store.getState().setNote('first', 1, { name: '@sum(A1)' })
    const rows = await tableOf(store)
    const images = new Set(rows.map(({ image }) => image))
    expect(images).toEqual(new Set(["'=1+2.png", 'b.png']))
    expect(rows.find(({ channel }) => channel === '1')!['name']).toBe("'@sum(A1)")
  })

  it('is of one moment, also if the layer grows while it is written', async () => {
    const rows = await savedWhileGrowing(tableOf)
    const first = rows.filter(({ rank }) => rank === '0')
    expect(first).toHaveLength(growingChannels)
    expect(first.every(({ activation }) => activation === '1000')).toBe(true)
  })
})
