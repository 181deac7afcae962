/**
 * The main job, as a person does it in any browser: open a model and images, scan, pause, reload and resume, look at a channel and its
 * heat-map, save, and open what was saved.
 */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { ResultsFile } from '../../src/core/results/resultsFile.ts'
import { type Driven, fileInput, isThere, named, press, saved, until } from './driven.ts'

const demo = new URL('../../public/demo/', import.meta.url).pathname
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
    await until(driven, () => {
      const { model, images } = window.urpatch!.state()
      return model !== null && images !== null
    })
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
  await step('keep', () => until(driven, isKept))

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
    await press(driven, named('button', 'Numbers'))
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

  return { results: JSON.parse(json.toString()) as ResultsFile, json, snapshot, heat, facts, before }
}

/** Whether the browser keeps a scan. Runs in the page. */
async function isKept(): Promise<boolean> {
  const name = 'urpatch-scans'
  if (!(await indexedDB.databases()).some((database) => database.name === name)) return false
  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.addEventListener('success', () => resolve(request.result))
      request.addEventListener('error', () => reject(request.error))
    })
  const database = await settled(indexedDB.open(name))
  const count = await settled(database.transaction('heads').objectStore('heads').count())
  database.close()
  return count > 0
}
