/**
 * @file Writes `tests/fixtures/old`: results files and snapshots as earlier versions of Urpatch have written them, by the code of
 * that time, which git still has.
 *
 *     node tests/make/makeOldResults.mjs
 */
import { execSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { createServer } from 'vite'

const root = path.resolve(import.meta.dirname, '../..')
const target = path.join(root, 'tests/fixtures/old')

/** Commits that changed what is written: the statistics in a list, names and notes, the snapshot, its merging on the page. */
const commits = ['8fe47a1b', '32f45a44', '38f07049', '83107406']

mkdirSync(target, { recursive: true })
for (const commit of commits) {
  const folder = mkdtempSync(path.join(tmpdir(), 'urpatch-old-'))
  execSync(
    `git archive ${commit} src tests/fixtures tests/tsconfig.json tsconfig.json | tar x -C ${folder}`,
    { cwd: root },
  )
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
  const server = await createServer({
    root: folder,
    configFile: false,
    logLevel: 'error',
    server: { middlewareMode: true },
    optimizeDeps: { noDiscovery: true },
  })
  const keep = (/** @type {string} */ ending, /** @type {string | Uint8Array} */ content) =>
    writeFileSync(path.join(target, `${commit}${ending}.gz`), gzipSync(content, { level: 9 }))
  const { resultsFile } = await server.ssrLoadModule('/tests/fixtures/resultsFiles.ts')
  keep('.urpatch.json', resultsFile())
  if (existsSync(path.join(folder, 'tests/fixtures/snapshots.ts'))) {
    const { snapshotBytes } = await server.ssrLoadModule('/tests/fixtures/snapshots.ts')
    keep('.urpatch', snapshotBytes())
  }
  await server.close()
  rmSync(folder, { recursive: true })
}
