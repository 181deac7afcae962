/** @file `npm run scan`: makes ready what is missing, and scans. The exit code is 0, or one sentence says why not. */
import path from 'node:path'
import { ensureBuild, ensurePackages, root } from './install.mjs'
import { endInWords } from './words.mjs'

await endInWords(async () => {
  ensurePackages()
  const { load } = await import('./load.mjs')
  /** @type {typeof import('./scanOptions.ts')} */
  const { readOptions } = await load('cli/scanOptions.ts')
  const options = readOptions()
  /** @type {typeof import('./snapshotFiles.ts')} */
  const { checkResumed } = await load('cli/snapshotFiles.ts')
  await checkResumed(options)
  ensureBuild()
  const { ensureChromium } = await import('./chromium.mjs')
  const { scanHeadless } = await import('./headlessScan.mjs')
  await scanHeadless(options, { dist: path.join(root, 'dist'), chromium: ensureChromium() })
})
