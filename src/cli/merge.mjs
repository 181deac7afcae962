/** @file `npm run merge`: see `mergeFiles.ts`. Progress goes to stderr; the exit code is 0, or one sentence says why not. */
import path from 'node:path'
import { ensureBuild, ensurePackages, root } from './install.mjs'
import { endInWords } from './words.mjs'

await endInWords(async () => {
  ensurePackages()
  const { load } = await import('./load.mjs')
  /** @type {typeof import('./mergeFiles.ts')} */
  const { merge, readMergeOptions } = await load('cli/mergeFiles.ts')
  const tell = (/** @type {string} */ line) => console.error(line)
  await merge(readMergeOptions(), tell, async (snapshot, outs) => {
    ensureBuild()
    const { ensureChromium } = await import('./chromium.mjs')
    const { exportHeadless } = await import('./headlessExport.mjs')
    await exportHeadless(snapshot, outs, { dist: path.join(root, 'dist'), chromium: ensureChromium() }, tell)
  })
})
