/** @file `npm run merge`: see `mergeFiles.ts`. Progress goes to stderr; the exit code is 0, or one sentence says why not. */
import { ensurePackages } from './install.mjs'
import { endInWords } from './words.mjs'

await endInWords(async () => {
  ensurePackages()
  const { load } = await import('./load.mjs')
  /** @type {typeof import('./mergeFiles.ts')} */
  const { merge, readMergeOptions } = await load('cli/mergeFiles.ts')
  await merge(readMergeOptions(), (line) => console.error(line))
})
