/** @file Measures what is loaded, compressed: at once by the first page, and later by its workers. */
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { root } from '../../src/cli/install.mjs'

const dist = path.join(root, 'dist')

/** @param {import('./page.mjs').Bench} bench */
export async function measureSize({ report }) {
  const html = readFileSync(path.join(dist, 'index.html'), 'utf8')
  const first = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map((match) => String(match[1]))
  const bytesOf = (/** @type {string} */ ending) =>
    first.filter((file) => file.endsWith(ending)).reduce((sum, file) => sum + gzipped(file), 0)
  report.figure('scripts of the first page', bytesOf('.js'), 'bytes', { target: { atMost: 200_000 } })
  report.figure('styles of the first page', bytesOf('.css'), 'bytes')
  const later = readdirSync(path.join(dist, 'assets')).filter((file) => /worker|hdf5|wasm$/.test(file))
  for (const file of later)
    report.figure(`later: ${file.replace(/-[\w-]{8}\./, '.')}`, gzipped(`assets/${file}`), 'bytes')
}

function gzipped(/** @type {string} */ file) {
  return gzipSync(readFileSync(path.join(dist, file))).length
}
