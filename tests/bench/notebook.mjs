/** @file Compares the exercise's whole scan with the exercise's own way in TensorFlow, on the same images. */
import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { root } from '../../src/cli/install.mjs'
import { exercise, findPython } from './inputs.mjs'
import { scan, withPage } from './page.mjs'
import { watchMemory } from './processMemory.mjs'
import { targets } from './targets.mjs'

/** @param {import('./page.mjs').Bench} bench */
export async function measureNotebook(bench) {
  const { report } = bench
  const { network, images, isKit } = exercise
  const layer = network.layer ?? ''
  const python = findPython()
  if (!isKit) return report.note('left out: the exercise is not there (../shared/kit)')
  const notebook = python && (await runNotebook(python, layer))
  const ours = await withPage(bench, { network, images }, async (page) => {
    const stop = watchMemory()
    return { ...(await scan(page, [layer])), peak: stop() }
  })
  report.figure(`whole scan of ${layer}`, ours.imagesPerSecond, 'images/s', {
    detail: `${ours.done} images in ${ours.seconds.toFixed(1)} s`,
  })
  report.figure('peak memory: page and engines', ours.peak.renderers, 'bytes')
  report.figure('peak memory: all of Chromium', ours.peak.all, 'bytes')
  if (!notebook) return report.note('TensorFlow is left out: there is no Python with it (URPATCH_PYTHON)')
  const seconds = notebook.scanSeconds + notebook.searchSeconds
  const theirs = notebook.images / seconds
  report.figure('TensorFlow', theirs, 'images/s', {
    detail: `${notebook.images} images: ${notebook.scanSeconds.toFixed(1)} s, and ${notebook.searchSeconds.toFixed(1)} s to search`,
  })
  report.figure('peak memory: TensorFlow', notebook.peakBytes, 'bytes')
  report.figure('speed ÷ TensorFlow', ours.imagesPerSecond / theirs, 'ratio', {
    target: targets.scanByTensorFlow,
  })
  report.figure(
    'peak memory of page and engines ÷ TensorFlow',
    ours.peak.renderers / notebook.peakBytes,
    'ratio',
    {
      target: { atMost: 0.1 },
    },
  )
  report.figure('peak memory of all of Chromium ÷ TensorFlow', ours.peak.all / notebook.peakBytes, 'ratio')
}

/**
 * @typedef {{ images: number, scanSeconds: number, searchSeconds: number, peakBytes: number }} Notebook
 * @param {string} python
 * @param {string} layer
 * @returns {Promise<Notebook>}
 */
async function runNotebook(python, layer) {
  const script = path.join(root, 'tests/bench/notebook_way.py')
  const { network, images } = exercise
  const { stdout } = await promisify(execFile)(python, [script, String(network.files[0]), images.path, layer])
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
}
