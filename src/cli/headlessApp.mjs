/** @file The built app in headless Chromium, as the commands use it: opened, listened to, and its downloads saved. */
import { renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { launch } from './chromium.mjs'
import { systemReasonOf } from './outFile.mjs'
import { serveFolder } from './server.mjs'

/** @typedef {{ dist: string, chromium: string }} App the folder of the built app, and the path of the browser */

/** Notices that were printed: they stay on the page for a while. */
const printed = new Set()

/**
 * Throws what goes wrong; `wordsOf` makes a sentence of it.
 * @param {App} app
 * @param {number | null} workers as if the machine had so many cores; null: as many as it has
 * @param {(page: import('playwright-core').Page) => Promise<void>} use
 */
export async function withApp({ dist, chromium }, workers, use) {
  const server = await serveFolder(dist)
  const browser = await launch(chromium)
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(0)
    // The browser counts the cores of the machine, of which a job may have been given only some.
    if (workers !== null)
      await page.addInitScript((count) => {
        Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => count })
      }, workers)
    // If the page ends, the command ends: nothing may wait for ever.
    const crashed = new Promise((_, reject) => {
      page.on('crash', () =>
        reject(new Error('The browser tab has crashed; there may be too little memory.')),
      )
      page.on('pageerror', (error) => reject(error))
    })
    await page.goto(server.url)
    await Promise.race([crashed, use(page)])
  } finally {
    await browser.close()
    await server.close()
  }
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} out
 * @param {readonly number[] | null} [channels] those of a figure
 */
export async function exported(page, out, channels = null) {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.evaluate(({ name, figure }) => window.urpatch?.save(name, figure), {
      name: path.basename(out),
      figure: { channels },
    }),
  ])
  return download
}

/**
 * The file is there wholly, or not at all: it is written under another name first. Saves it elsewhere if the disk is full or the folder has gone meanwhile, so that the results of hours are not lost.
 * @param {import('playwright-core').Download} download
 * @param {string} out
 */
export async function save(download, out) {
  const part = `${out}.part`
  try {
    await download.saveAs(part)
    renameSync(part, out)
    await download.delete()
  } catch (error) {
    rmSync(part, { force: true })
    const rescued = path.join(tmpdir(), `${process.pid}-${path.basename(out)}`)
    await download.saveAs(rescued)
    throw new Error(
      `${out} cannot be written (${systemReasonOf(error)}). The results are saved as ${rescued}.`,
      {
        cause: error,
      },
    )
  }
}

/** @param {import('playwright-core').Page} page */
export async function failOnNotice(page) {
  const notices = await page.evaluate(() => window.urpatch?.state().notices ?? [])
  for (const { kind, text } of notices) {
    if (kind === 'error') throw new Error(text)
    if (printed.has(text)) continue
    printed.add(text)
    console.error(text)
  }
}
