/**
 * @file `npm run test:long`: what takes minutes, seldom fails and needs more than Node. That are the maps, crops, sums
 * and boxes of the kit's models, its 7,454 pictures, the deletion test of attributions and damaged files in Chromium
 * (`*.long.ts`); every parser under 100,000 damaged files; all pictures of the demo without a channel, scans in which
 * 200 workers, pages and processes die, an hour of use at random (`URPATCH_SOAK_MINUTES`), and scans in twenty parts by
 * the recipes if there is GNU parallel (`tests/long`); the demo before and after its training, and parity with
 * keras.applications (`tests/parity`), with a Python that has Keras and Pillow: the one in `URPATCH_PYTHON`, `python3`,
 * or one that is made for the purpose and kept. What cannot be had is skipped by name. Options are Vitest's: `-t
 * ResNet50`.
 */
import { spawnSync } from 'node:child_process'
import { homedir } from 'node:os'
import path from 'node:path'
import { ensureBuild, ensurePackages } from '../src/cli/install.mjs'
import { Suites } from './suites.mjs'

ensurePackages()
const { ensureChromium } = await import('../src/cli/chromium.mjs')
ensureChromium()
ensureBuild()

const title = 'keras.applications in Urpatch and in Keras'
const suites = new Suites()
suites.suite('The kit’s models and pictures, and damaged files in Chromium', [
  '--project',
  'long',
  ...process.argv.slice(2),
])
suites.suite('The kit’s models and synthesized pictures in the production build', [
  '--project',
  'long e2e',
  ...process.argv.slice(2),
])
// The seed is new each day; a failure names it, and `tests/fuzz/README.md` says how to see it again.
const fuzzSeed = String(Math.floor(Date.now() / 86_400_000))
suites.suite(
  'Every parser under 100,000 damaged files',
  ['--project', 'node', 'tests/fuzz', ...process.argv.slice(2)],
  { URPATCH_FUZZ: '100000', URPATCH_FUZZ_SEED: fuzzSeed },
)
const longInNode = ['--config', 'tests/long/vite.config.ts']
suites.suite('All pictures of the demo without a channel, in Urpatch and in Keras', [
  ...longInNode,
  'ablation',
  ...process.argv.slice(2),
])
suites.suite('Scans with deaths at random times', [...longInNode, 'faults', ...process.argv.slice(2)])
const { installOtherBrowsers } = await import('./browsers/install.mjs')
const { testBrowsers } = await import('./browsers/suites.mjs')
testBrowsers(suites, { missing: await installOtherBrowsers(), more: process.argv.slice(2) })
const parts = 'Scans in twenty parts, some of them killed'
if (!runs('parallel', ['--version'])) suites.skip(2, `${parts} (GNU parallel is not installed)`)
else suites.suite(parts, [...longInNode, 'shards', ...process.argv.slice(2)])
suites.suite('What a page holds after an hour of use', [...longInNode, 'soak', ...process.argv.slice(2)])
const python = pythonWithKeras()
if (python === null) suites.skip(2, `${title} (Keras cannot be had here)`)
else {
  const keras = { URPATCH_PYTHON: python }
  const checkpoints = 'The demo before and after its training, in Urpatch and in Keras'
  suites.suite(checkpoints, [...longInNode, 'demoCheckpoints', ...process.argv.slice(2)], keras)
  suites.suite(title, ['--config', 'tests/parity/vite.config.ts', ...process.argv.slice(2)], keras)
}
suites.finish()

/** Null if there is none and none can be made. */
function pythonWithKeras() {
  const caches = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache')
  const venv = path.join(caches, 'urpatch/keras')
  const own = path.join(venv, 'bin/python')
  const found = [process.env['URPATCH_PYTHON'], 'python3', own].find((one) => one && hasKeras(one))
  if (found) return found
  const packages = ['tensorflow-cpu==2.21.0', 'keras==3.15.1', 'h5py', 'pillow']
  const quietly = ['--quiet', '--disable-pip-version-check', '--retries', '0', '--timeout', '2']
  const made =
    runs('python3', ['-m', 'venv', venv]) &&
    runs(path.join(venv, 'bin/pip'), ['install', ...quietly, ...packages], 240_000) &&
    hasKeras(own)
  return made ? own : null
}

/** @param {string} command */
function hasKeras(command) {
  const code = 'import tensorflow, h5py, keras, PIL; assert keras.__version__ >= "3"'
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' }
  return spawnSync(command, ['-c', code], { env, stdio: 'ignore' }).status === 0
}

/**
 * What it prints goes to stderr.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {number} [timeout]
 */
function runs(command, args, timeout) {
  return spawnSync(command, args, { stdio: ['ignore', 2, 2], timeout }).status === 0
}
