/**
 * @file `npm run scan`: a scan without a window. The built app runs in headless Chromium, gets the files as a user
 * would give them, and its results file is saved. Progress goes to stderr; the exit code is 0 or the reason is one
 * sentence.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuild, ensurePackages } from './install.mjs'

const usage = `npm run scan -- --model <file, model.json, zip or folder> --images <folder> --out <results file>
  [--index <tsv/csv: a path, or a name inside the folder; none: do not look for one>]
  [--layers conv2d_5,… | all]      default: all
  [--k 16]                         patches a channel: 9, 16, 25, up to 255
  [--set resize=bilinear|nearest] [--set scale=0..1|-1..1|0..255]
  [--input-size 224 | 224x160]     rows x columns, for a model that leaves them open
  [--backend auto|webgl|wasm]`

try {
  await main()
} catch (error) {
  // What the page throws comes with playwright's words before it and the page's stack behind it.
  const text = error instanceof Error ? error.message : String(error)
  console.error(text.replace(/^page\.\w+: (\w*Error: )?/, '').replace(/\n\s+at [\s\S]*$/, ''))
  process.exitCode = 1
}

function readOptions() {
  /** @type {ReturnType<typeof parse>} */
  let values
  const parse = () =>
    parseArgs({
      options: {
        model: { type: 'string' },
        images: { type: 'string' },
        index: { type: 'string' },
        layers: { type: 'string', default: 'all' },
        k: { type: 'string', default: '16' },
        set: { type: 'string', multiple: true, default: [] },
        backend: { type: 'string', default: 'auto' },
        'input-size': { type: 'string' },
        out: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values
  try {
    values = parse()
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${usage}`, { cause: error })
  }
  if (values.help) {
    console.log(usage)
    process.exit(0)
  }
  const { model, images, out } = values
  if (!model || !images || !out) throw new Error(`--model, --images and --out are needed.\n${usage}`)
  const modelFiles = filesOfModel(model)
  if (!statSync(images, { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`There is no image folder ${images}.`)
  if (readdirSync(images).length === 0) throw new Error(`The image folder ${images} is empty.`)
  const k = Number(values.k)
  if (!Number.isInteger(k) || k < 1 || k > 255)
    throw new Error(`--k is a whole number from 1 to 255, not ${values.k}.`)
  if (!['auto', 'webgl', 'wasm'].includes(values.backend))
    throw new Error(`--backend is auto, webgl or wasm, not ${values.backend}.`)
  const settings = Object.fromEntries(
    values.set.map((text) => {
      const [name = '', value] = text.split(/=(.*)/s)
      if (value === undefined) throw new Error(`--set takes name=value, not ${text}.`)
      return [name, value]
    }),
  )
  return { ...values, modelFiles, images, out, k, settings, inputSize: readInputSize(values['input-size']) }
}

/**
 * The file, or all files of the folder; with a model.json the shards that it names, and what names the classes.
 * @param {string} model
 */
function filesOfModel(model) {
  const stats = statSync(model, { throwIfNoEntry: false })
  if (!stats) throw new Error(`There is no model file or folder ${model}.`)
  if (stats.isDirectory()) {
    const files = readdirSync(model, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
    if (files.length === 0) throw new Error(`The model folder ${model} is empty.`)
    return files
  }
  if (!/\.json$/i.test(model)) return [model]
  const beside = ['metadata.json', ...shardsOf(model)].map((name) => path.join(path.dirname(model), name))
  return [...new Set([model, ...beside.filter((file) => existsSync(file))])]
}

/** @param {string} model */
function shardsOf(model) {
  try {
    /** @type {{ weightsManifest: { paths: string[] }[] }} */
    const { weightsManifest } = JSON.parse(readFileSync(model, 'utf8').replace(/^\uFEFF/, ''))
    return weightsManifest.flatMap(({ paths }) => paths).map((name) => path.basename(name))
  } catch {
    // What is wrong with the file the page tells.
    return []
  }
}

/**
 * @param {string | undefined} text
 * @returns {[number, number] | null}
 */
function readInputSize(text) {
  if (text === undefined) return null
  const match = /^(\d+)(?:[x×](\d+))?$/.exec(text)
  if (!match) throw new Error(`--input-size is 224 or 224x160 (rows x columns), not ${text}.`)
  return [Number(match[1]), Number(match[2] ?? match[1])]
}

async function main() {
  const options = readOptions()
  ensurePackages()
  ensureBuild()
  const { launchChromium, serveBuild } = await import('./browser.mjs')
  const server = await serveBuild()
  const browser = await launchChromium()
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(0)
    // Whatever ends the page ends the command: nothing may wait for ever.
    const crashed = new Promise((_, reject) => {
      page.on('crash', () =>
        reject(new Error('The browser tab has crashed; there may be too little memory.')),
      )
      page.on('pageerror', (error) => reject(error))
    })
    await page.goto(server.url)
    await Promise.race([crashed, scan(page, options)])
  } finally {
    await browser.close()
    await server.close()
  }
}

/**
 * @param {import('playwright').Page} page
 * @param {ReturnType<typeof readOptions>} options
 */
async function scan(page, options) {
  await page.evaluate(
    (backend) => window.urpatch?.state().setBackend(backend),
    /** @type {'auto'} */ (options.backend),
  )
  await page.getByLabel('Model file').setInputFiles(options.modelFiles)
  await settled(page, 'model')
  if (options.inputSize) {
    await page.evaluate((size) => window.urpatch?.state().setInputSize(size), options.inputSize)
    await failOnNotice(page)
  }
  await page.getByLabel('Image folder').setInputFiles(options.images)
  await settled(page, 'images')
  await chooseIndex(page, options)
  await page.evaluate(
    ([settings, k]) => window.urpatch?.configure(settings, k),
    /** @type {const} */ ([options.settings, options.k]),
  )
  await reportStart(page)

  const ticker = setInterval(() => void reportProgress(page), 2000)
  try {
    const layers = options.layers === 'all' ? 'all' : options.layers.split(',').map((name) => name.trim())
    await page.evaluate((names) => window.urpatch?.scan(names), /** @type {string[] | 'all'} */ (layers))
  } finally {
    clearInterval(ticker)
  }
  await reportProgress(page)
  await failOnNotice(page)

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.evaluate(() => window.urpatch?.saveResults()),
  ])
  await download.saveAs(options.out)
  console.error(`Saved ${options.out}`)
}

/**
 * Until the model or the images are open, or an error says why not.
 * @param {import('playwright').Page} page
 * @param {'model' | 'images'} what
 */
async function settled(page, what) {
  await page.waitForFunction((name) => {
    const state = window.urpatch?.state()
    return state && (state[name] !== null || state.notices.some(({ kind }) => kind === 'error'))
  }, what)
  await failOnNotice(page)
}

/**
 * @param {import('playwright').Page} page
 * @param {ReturnType<typeof readOptions>} options
 */
async function chooseIndex(page, { index, images }) {
  if (index === undefined) return
  if (index === 'none') {
    await page.evaluate(() => window.urpatch?.state().setIndex('none'))
  } else if (existsSync(path.join(images, index))) {
    await page.evaluate((name) => window.urpatch?.state().setIndex({ name }), index)
  } else if (existsSync(index)) {
    const before = await page.evaluateHandle(() => window.urpatch?.state().images)
    await page.getByLabel('Index file').setInputFiles(index)
    await page.waitForFunction((old) => {
      const state = window.urpatch?.state()
      return state && (state.images !== old || state.notices.some(({ kind }) => kind === 'error'))
    }, before)
  } else {
    throw new Error(`There is no index file ${index}, neither as a path nor inside ${images}.`)
  }
  await failOnNotice(page)
}

/** @param {import('playwright').Page} page */
async function failOnNotice(page) {
  const notices = await page.evaluate(() => window.urpatch?.state().notices ?? [])
  for (const { kind, text } of notices) {
    if (kind === 'error') throw new Error(text)
    console.error(text)
  }
}

/** @param {import('playwright').Page} page */
async function reportStart(page) {
  const { backend, workers, images, missing } = await page.evaluate(() => {
    const state = window.urpatch?.state()
    return {
      backend: state?.backend,
      workers: state?.workers,
      images: state?.images?.table.order.length,
      missing: state?.images?.table.index?.missing ?? [],
    }
  })
  console.error(`${images} images, ${backend?.name} with ${workers} worker(s): ${backend?.reason}`)
  if (missing.length > 0)
    console.error(
      `The index names ${missing.length} files that are not there: ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ' …' : ''}`,
    )
}

/** @param {import('playwright').Page} page */
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
  const rate = 'seconds' in phase ? done / phase.seconds : imagesPerSecond
  console.error(
    `${done} of ${total} images${rate ? `, ${rate.toFixed(1)} images/s` : ''}${skipped ? `, ${skipped} skipped` : ''}`,
  )
}
