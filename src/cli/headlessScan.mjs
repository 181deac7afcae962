/**
 * @file A scan without a window. The built app runs in headless Chromium, gets the files as a user would give them, and what
 * it finds is saved. Progress goes to stderr.
 */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { exported, failOnNotice, save, withApp } from './headlessApp.mjs'
import { untilOpen } from './untilOpen.mjs'
import { wordsOf } from './words.mjs'

/** The time between two snapshots is at least so many times what one takes. */
const leastRest = 20

/**
 * Throws what goes wrong; `wordsOf` makes a sentence of it.
 * @param {import('./scanOptions.ts').ScanOptions} options
 * @param {import('./headlessApp.mjs').App} app
 */
export async function scanHeadless(options, app) {
  await withApp(app, options.workers, (page) => scan(page, options))
}

/**
 * @param {import('playwright-core').Page} page
 * @param {import('./scanOptions.ts').ScanOptions} options
 */
async function scan(page, options) {
  await page.evaluate((backend) => window.urpatch?.state().setBackend(backend), options.backend)
  await page.getByLabel('Model file').setInputFiles([...options.modelFiles])
  await untilOpen(page, 'model')
  await failOnNotice(page)
  const isOpen = await page.evaluate(() => Boolean(window.urpatch?.state().model?.network.openSize))
  const size = options.inputSize ?? (isOpen ? options.likeSize : null)
  if (size) {
    await page.evaluate((pair) => window.urpatch?.state().setInputSize(pair), size)
    await failOnNotice(page)
  }
  if (options.notes) await openNotes(page, options.notes)
  await page.evaluate(({ configuration, layers }) => window.urpatch?.checkModel(configuration, layers), {
    configuration: options.configuration,
    layers: options.layers,
  })
  await page.getByLabel(options.isFolder ? 'Image folder' : 'Image files').setInputFiles(options.images)
  await untilOpen(page, 'images')
  await failOnNotice(page)
  await chooseIndex(page, options)
  await page.evaluate((configuration) => window.urpatch?.configure(configuration), options.configuration)
  if (options.resumed !== null) await resume(page, options.resumed)
  await reportStart(page)

  const ticker = setInterval(() => void reportProgress(page), 2000)
  const saving = savingMeanwhile(page, options)
  try {
    await page.evaluate((layers) => window.urpatch?.scan(layers), options.layers)
  } finally {
    clearInterval(ticker)
    await saving.end()
  }
  await reportProgress(page)
  await failOnNotice(page)

  for (const out of options.outs) {
    await save(await exported(page, out, options.channels), out)
    console.error(`Saved ${out}`)
  }
}

/**
 * Saves a snapshot from time to time while the scan runs, so that a scan that is killed can go on from it. A failure is told, and
 * the scan goes on: the results are saved at its end all the same.
 * @param {import('playwright-core').Page} page
 * @param {import('./scanOptions.ts').ScanOptions} options
 */
function savingMeanwhile(page, { snapshot, saveEvery }) {
  let isEnded = false
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  /** @type {Promise<void>} */
  let saved = Promise.resolve()
  const wait = (/** @type {number} */ seconds) => {
    if (!isEnded) timer = setTimeout(() => (saved = once()), seconds * 1000)
  }
  const once = async () => {
    const begun = performance.now()
    try {
      // As long as no image has been through, there is nothing to save.
      if (await page.evaluate(() => (window.urpatch?.state().results.size ?? 0) > 0))
        await save(await exported(page, snapshot ?? ''), snapshot ?? '')
    } catch (error) {
      if (!isEnded) console.error(`The snapshot was not saved meanwhile: ${wordsOf(error)}`)
    }
    wait(Math.max(saveEvery, (leastRest * (performance.now() - begun)) / 1000))
  }
  if (snapshot !== null) wait(saveEvery)
  return {
    async end() {
      isEnded = true
      clearTimeout(timer)
      await saved
    },
  }
}

/**
 * Opens the snapshot, which fits the options, and waits until the scan can go on from it. Throws a sentence if it is not of this
 * model and these images.
 * @param {import('playwright-core').Page} page
 * @param {string} snapshot
 */
async function resume(page, snapshot) {
  await page.getByLabel('Model file').setInputFiles(snapshot)
  const ended = await page.waitForFunction(() => {
    const state = window.urpatch?.state()
    if (!state) return null
    const { results, recorded, notices } = state
    const isOpen = results.size > 0 || notices.some(({ kind }) => kind === 'error')
    const stays = recorded?.stays ?? recorded?.fittedModel?.difference ?? null
    return isOpen || stays !== null ? { stays } : null
  })
  await failOnNotice(page)
  const stays = (await ended.jsonValue())?.stays
  if (stays) throw new Error(stays)
  const done = await page.evaluate(() => {
    const phase = window.urpatch?.state().scan
    return phase && 'progress' in phase ? phase.progress.done : 0
  })
  console.error(`Going on from ${snapshot}, which has ${done} images`)
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} file
 */
async function openNotes(page, file) {
  const given = { name: path.basename(file), text: readFileSync(file, 'utf8') }
  await page.evaluate(({ name, text }) => window.urpatch?.openNotes(new File([text], name)), given)
  await failOnNotice(page)
}

/**
 * @param {import('playwright-core').Page} page
 * @param {import('./scanOptions.ts').ScanOptions} options
 */
async function chooseIndex(page, { index, likeIndex, images, isFolder }) {
  if (index === undefined) {
    if (likeIndex) await page.evaluate((settings) => window.urpatch?.state().setIndex(settings), likeIndex)
    return failOnNotice(page)
  }
  if (index === 'none') {
    await page.evaluate(() => window.urpatch?.state().setIndex('none'))
  } else if (isFolder ? existsSync(path.join(images, index)) : !existsSync(index)) {
    await page.evaluate((name) => window.urpatch?.state().setIndex({ name }), index)
  } else {
    const before = await page.evaluateHandle(() => window.urpatch?.state().images)
    await page.getByLabel('Index file').setInputFiles(index)
    await page.waitForFunction((old) => {
      const state = window.urpatch?.state()
      return state && (state.images !== old || state.notices.some(({ kind }) => kind === 'error'))
    }, before)
  }
  await failOnNotice(page)
}

/** @param {import('playwright-core').Page} page */
async function reportStart(page) {
  const { backend, workers, images, missing, suggestion } = await page.evaluate(() => {
    const state = window.urpatch?.state()
    return {
      backend: state?.backend,
      workers: state?.workers,
      images: window.urpatch?.imagesToScan(),
      suggestion: window.urpatch?.suggestion(),
      missing: state?.images?.table.index?.missing ?? [],
    }
  })
  console.error(
    `${images} images, ${backend?.isReference ? 'tfjs-wasm' : backend?.name} with ${workers} worker(s): ${backend?.reason}`,
  )
  if (suggestion) console.error(`This model seems to expect other numbers than it gets: ${suggestion}`)
  if (missing.length > 0)
    console.error(
      `The index names ${missing.length} files that are not there: ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ' …' : ''}`,
    )
}

/** @param {import('playwright-core').Page} page */
async function reportProgress(page) {
  const { phase, skipped } = await page
    .evaluate(() => {
      const state = window.urpatch?.state()
      return { phase: state?.scan, skipped: state?.skipped.size }
    })
    // The page may be closing.
    .catch(() => ({ phase: undefined, skipped: 0 }))
  if (!phase || !('progress' in phase)) return
  const { done, total, imagesPerSecond } = phase.progress
  console.error(
    `${done} of ${total} images${imagesPerSecond ? `, ${imagesPerSecond.toFixed(1)} images/s` : ''}${skipped ? `, ${skipped} skipped` : ''}`,
  )
}
