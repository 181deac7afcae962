/**
 * The main job, as a person does it in any browser: open a model and images, scan, pause, reload and resume, look at a channel and its
 * heat-map, save, and open what was saved.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { ResultsFile } from '../../src/core/results/resultsFile.ts'
import { isScanKept } from '../e2e/isScanKept.ts'
import { pngFile } from '../engine/pngFile.ts'
import pictures from '../fixtures/pictures.json'
import { type Driven, fileInput, isThere, named, press, saved, until } from './driven.ts'

const demo = new URL('../../public/demo/', import.meta.url).pathname
const fixtures = new URL('../fixtures/', import.meta.url).pathname
const layer = 'conv2d_5'
const channel = 3

/** What came of it. */
export interface Job {
  readonly results: ResultsFile
  readonly json: Buffer
  readonly snapshot: Buffer
  /** The channel's values in the image that excites it most. */
  readonly heat: readonly number[]
  /** What the page says of the strongest patch. */
  readonly facts: string
  /** How many images were scanned before the page was loaded again. */
  readonly before: number
  /** What a small network finds in pictures of all kinds that are decoded without loss, and in JPEGs. */
  readonly pictures: Buffer
}

/** `onStep` hears of each step when it has ended: in how many seconds, or null if it has failed. */
export async function doJob(
  driven: Driven,
  url: string,
  onStep: (name: string, seconds: number | null) => void,
): Promise<Job> {
  const step = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
    const begin = performance.now()
    try {
      const value = await run()
      onStep(name, (performance.now() - begin) / 1000)
      return value
    } catch (error) {
      onStep(name, null)
      throw new Error(`${driven.name}, ${name}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      })
    }
  }
  const open = async (): Promise<void> => {
    await until(driven, isThere, fileInput('Model file'))
    await driven.setFiles(fileInput('Model file'), [`${demo}model.h5`])
    await driven.setFiles(fileInput('Image files'), [`${demo}images.zip`])
    await until(driven, isOpen)
  }

  await step('open', async () => {
    await driven.goto(url)
    await open()
    await until(driven, isThere, named('button', 'Run'))
  })

  const before = await step('scan, pause', async () => {
    await driven.evaluate(() =>
      window.urpatch!.state().setSelection({ classes: null, splits: null, sample: { random: 640, seed: 1 } }),
    )
    await press(driven, named('button', 'Run'))
    await until(driven, () => {
      const { scan } = window.urpatch!.state()
      return 'progress' in scan && scan.progress.done > 0
    })
    await press(driven, named('button', 'Pause'))
    return until(driven, () => {
      const { scan } = window.urpatch!.state()
      return scan.status === 'paused' && scan.progress.done
    })
  })
  await step('keep', () => until(driven, isScanKept))

  await step('reload, resume', async () => {
    await driven.reload()
    await until(driven, () => window.urpatch !== undefined)
    await open()
    await press(driven, '//button[starts-with(normalize-space(.), "Resume scan")]')
    await until(driven, () => window.urpatch!.state().scan.status === 'done')
  })

  const facts = await step('channel', async () => {
    await press(driven, `//*[@role="row"][@aria-label="Channel ${channel}"]`)
    await until(driven, isThere, '//section//h2[normalize-space(.)="Channel 3"]')
    const folded = named('button', 'Numbers') + '[@aria-expanded="false"]'
    await press(driven, folded)
    // While the sections above it grow, a click may miss.
    for (let tries = 0; tries < 5 && (await driven.evaluate(isThere, folded)); tries++)
      await driven.click(folded)
    return until(
      driven,
      () => document.querySelector('[aria-label="Channel details"] dl')?.textContent || null,
    )
  })

  const heat = await step('heat-map', async () => {
    await press(driven, '//label[normalize-space(.)="Heat-map"]')
    await until(driven, isThere, '//*[@role="img"][starts-with(@aria-label, "Heat-map")]')
    return driven.evaluate(
      async (name, number) => {
        const [strongest] = window.urpatch!.state().results.get(name)!.top(number, 1)
        const { values } = await window.urpatch!.heatMap(name, number, strongest!.image)
        return [...values]
      },
      layer,
      channel,
    )
  })

  const json = await step('save JSON', () => saved(driven, 'Results (JSON)'))
  const snapshot = await step('save snapshot', () => saved(driven, 'Snapshot'))

  await step('open results', async () => {
    const file = path.join(driven.own.folder, 'again.urpatch.json')
    writeFileSync(file, json)
    await driven.evaluate(() => window.urpatch!.state().forgetAll())
    await driven.goto(url)
    await until(driven, isThere, fileInput('Image files'))
    await driven.setFiles(fileInput('Image files'), [file])
    await until(driven, isThere, `//*[@role="row"][@aria-label="Channel ${channel}"]`)
    const again = await saved(driven, 'Results (JSON)')
    if (!again.equals(json)) throw new Error('what is saved again is not what was opened')
  })

  const found = await step('pictures', async () => {
    const files = await writePictures(path.join(driven.own.folder, 'pictures'))
    await driven.goto(url)
    await until(driven, isThere, fileInput('Model file'))
    await driven.setFiles(fileInput('Model file'), [`${fixtures}sequential.h5`])
    await driven.setFiles(fileInput('Image files'), files)
    await until(driven, isOpen)
    await driven.evaluate(() => window.urpatch!.scan(['conv_valid']))
    return saved(driven, 'Results (JSON)')
  })

  return {
    pictures: found,
    results: JSON.parse(json.toString()) as ResultsFile,
    json,
    snapshot,
    heat,
    facts,
    before,
  }
}

/** Whether model and images are open. Runs in the page. */
function isOpen(): boolean {
  const { model, images } = window.urpatch!.state()
  return model !== null && images !== null
}

/** TIFFs of all kinds, JPEGs and PNGs, one of them with a palette that is partly transparent and one of 16 bits with alpha. */
async function writePictures(folder: string): Promise<string[]> {
  mkdirSync(folder)
  const half = [
    { kind: 'PLTE', content: Uint8Array.of(200, 100, 50, 7, 90, 210) },
    { kind: 'tRNS', content: Uint8Array.of(3, 128) },
  ]
  const rows = [
    [0, 1, 1, 0],
    [1, 0, 1, 1],
  ]
  const made = {
    'palette.png': await pngFile(4, 'palette', rows, half),
    'deep.png': await pngFile(1, 'greyWithAlpha', rows, [], 16),
  }
  const files = await Promise.all(
    Object.entries(made).map(async ([name, file]) => [name, Buffer.from(await file.arrayBuffer())] as const),
  )
  for (const { name, file } of pictures.decoded)
    if (/\.(png|jpg|tif)$/.test(name)) files.push([name, Buffer.from(file, 'base64')])
  return files.map(([name, content]) => {
    const file = path.join(folder, name)
    writeFileSync(file, content)
    return file
  })
}
