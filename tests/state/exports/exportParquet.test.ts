/** The Parquet files have the rows of the tables as text, read by another package; names are as they are. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parquetReadObjects, parquetMetadata } from 'hyparquet'
import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import type { ResultsFile } from '../../../src/core/results/resultsFile.ts'
import { patchesParquet, tableParquet } from '../../../src/state/exports/exportParquet.ts'
import { patchesExporter } from '../../../src/state/exports/exportPatches.ts'
import { exportResults } from '../../../src/state/exports/exportResults.ts'
import { tableExporter } from '../../../src/state/exports/exportTable.ts'
import type { Exporter } from '../../../src/state/exports/exporter.ts'
import type { AppStore } from '../../../src/state/store.ts'
import { exportOptions } from '../../fixtures/exportOptions.ts'
import { folderOf, modelFile, settled, sourceOf, testApp } from '../../fixtures/fakeWorkers.ts'
import { growingChannels, savedWhileGrowing } from '../../fixtures/growing.ts'

async function fileOf({ getState, services }: AppStore, exporter: Exporter): Promise<Blob> {
  const [file] = await exporter.make(getState(), services, exportOptions)
  return file!.blob
}

async function rowsOf(store: AppStore, exporter: Exporter): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: await (await fileOf(store, exporter)).arrayBuffer() })
}

/** The table as text, cells as they stand there. */
async function csvOf(store: AppStore, exporter: Exporter): Promise<Record<string, string>[]> {
  const text = await (await fileOf(store, exporter)).text()
  return Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true, newline: '\r\n' })
    .data
}

/** A row as the table as text writes it. */
function asText(row: Record<string, unknown>): Record<string, string> {
  const cell = (value: unknown): string => {
    if (value === null || Number.isNaN(value)) return ''
    return typeof value === 'number' ? String(Number(value.toPrecision(9))) : String(value)
  }
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, cell(value)]))
}

async function scannedApp(): Promise<AppStore> {
  const { store } = testApp()
  await store.getState().openModel([modelFile()])
  await store
    .getState()
    .openImages(
      sourceOf('photos', folderOf(['cat/1, "small".png', 'cat/2.png', 'dog/猫.png', 'dog/3\n.png'])),
    )
  await store.getState().run(['first', 'second'])
  return store
}

describe('the Parquet file', () => {
  it.each([
    ['channels', tableParquet, tableExporter, 'choosy'],
    ['patches', patchesParquet, patchesExporter, 'activation'],
  ])('of %s has the rows of the table as text, in its columns', async (_, parquet, csv, number) => {
    const store = await scannedApp()
    store.getState().setNote('first', 1, { name: 'eye, left' })
    const rows = await rowsOf(store, parquet)
    const wanted = await csvOf(store, csv)
    expect(rows.length).toBeGreaterThan(5)
    expect(rows.map(asText)).toEqual(wanted)
    expect(Object.keys(rows[0]!)).toEqual(Object.keys(wanted[0]!))
    expect(typeof rows.at(-1)!['channel']).toBe('number')
    expect(rows.some((row) => typeof row[number] === 'number')).toBe(true)
    expect(rows.some(({ name }) => name === null)).toBe(true)
  })

  it('has activations to the bit, names that would be formulas as they are, and is the same again', async () => {
    const store = await scannedApp()
    store.getState().setNote('first', 1, { name: '=1+2' })
    const rows = await rowsOf(store, patchesParquet)
    expect(
      new Set(
        rows.filter(({ layer, channel }) => layer === 'first' && channel === 1).map(({ name }) => name),
      ),
    ).toEqual(new Set(['=1+2']))
    const { results } = store.getState()
    for (const { layer, channel, rank, activation } of rows) {
      const top = results.get(layer as string)!.top(channel as number, 25)
      expect(Object.is(activation, top[rank as number]!.activation)).toBe(true)
    }
    const bytes = async () => new Uint8Array(await (await fileOf(store, patchesParquet)).arrayBuffer())
    expect(await bytes()).toEqual(await bytes())
  })

  it('has nothing for a seat that is not there, and whole numbers where all are', async () => {
    const file = JSON.parse(
      await (await exportResults((await scannedApp()).getState(), testApp().store.services))!.blob.text(),
    ) as ResultsFile
    Object.assign(file.layers[0]!.channels[1]!.top[0]!, { seat: [1, 0, 3, 4] })
    const { store } = testApp()
    await store.getState().openResults(new File([JSON.stringify(file)], 'results.urpatch.json'))
    for (let i = 0; i < 20; i++) await settled()
    const rows = await rowsOf(store, patchesParquet)
    expect(rows.map(asText)).toEqual(await csvOf(store, patchesExporter))
    expect(rows.filter(({ seatBottom }) => seatBottom !== null).map(({ seatBottom }) => seatBottom)).toEqual([
      3,
    ])
    const { schema } = parquetMetadata(await (await fileOf(store, patchesParquet)).arrayBuffer())
    const isNullable = (name: string): boolean =>
      schema.find((element) => element.name === name)!.repetition_type === 'OPTIONAL'
    expect(['top', 'rank', 'seatTop', 'name'].map(isNullable)).toEqual([false, false, true, true])
  })

  it('is of one moment, also if the layer grows while it is written', async () => {
    const rows = await savedWhileGrowing((store) => rowsOf(store, patchesParquet))
    const first = rows.filter(({ rank }) => rank === 0)
    expect(first).toHaveLength(growingChannels)
    expect(first.every(({ activation }) => activation === 1000)).toBe(true)
  })
})

const python = process.env['URPATCH_PYTHON']
const script = `
import sys, pandas as pd
a, b = pd.read_parquet(sys.argv[1]), pd.read_csv(sys.argv[2])
assert list(a) == list(b) and len(a) == len(b) > 5
assert a["channel"].dtype == "int32" and a["activation"].dtype == "float32"
pd.testing.assert_frame_equal(a, b, check_dtype=False, rtol=1e-8)
`

describe.runIf(python && spawnSync(python, ['-c', 'import pandas, pyarrow']).status === 0)('pandas', () => {
  it('reads it as it reads the table as text', async () => {
    const store = await scannedApp()
    const folder = mkdtempSync(path.join(tmpdir(), 'urpatch-parquet-'))
    try {
      const files: string[] = []
      for (const exporter of [patchesParquet, patchesExporter]) {
        const file = path.join(folder, `a${exporter.ending}`)
        writeFileSync(file, new Uint8Array(await (await fileOf(store, exporter)).arrayBuffer()))
        files.push(file)
      }
      const { status, stderr } = spawnSync(python!, ['-c', script, ...files], { encoding: 'utf8' })
      expect(status, stderr).toBe(0)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
