/** @file Writes of a snapshot what needs no images, by the built app in headless Chromium. */
import { exported, failOnNotice, save, withApp } from './headlessApp.mjs'

/**
 * The ending of each file says what it is. Throws a sentence.
 * @param {string} snapshot
 * @param {readonly string[]} outs
 * @param {import('./headlessApp.mjs').App} app
 * @param {(line: string) => void} tell
 */
export async function exportHeadless(snapshot, outs, app, tell) {
  await withApp(app, null, async (page) => {
    await page.getByLabel('Model file').setInputFiles(snapshot)
    await page.waitForFunction(() => {
      const state = window.urpatch?.state()
      return state?.recorded || state?.notices.some(({ kind }) => kind === 'error')
    })
    await failOnNotice(page)
    for (const out of outs) {
      await save(await exported(page, out), out)
      tell(`Saved ${out}`)
    }
  })
}
