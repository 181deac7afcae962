/**
 * @file `npm test`: installs what is missing, then checks types, lint and format, and runs the tests in Node, in
 * Chromium, of the production build as a user works with it, and the engine's and the main job in Firefox and WebKit. Ends with what has
 * failed, and `N passed, N failed`.
 */
import { ensureBuild, ensurePackages } from '../src/cli/install.mjs'
import { Suites } from './suites.mjs'

ensurePackages()
const { ensureChromium } = await import('../src/cli/chromium.mjs')
ensureChromium()

const { installOtherBrowsers } = await import('./browsers/install.mjs')
const { testBrowsers } = await import('./browsers/suites.mjs')

const installing = installOtherBrowsers()
const suites = new Suites()
suites.check('Types', ['tsc', '-b'])
suites.check('Lint', ['oxlint', '--deny-warnings', 'src', 'tests', 'vite.config.ts'])
suites.check('Format', ['prettier', '--check', '--log-level', 'warn', '.'])
suites.suite('Unit tests', ['--project', 'node'])
const missing = await installing
const inChromium = suites.suite('Engine and page in Chromium', ['--project', 'browser'])
ensureBuild()
suites.suite('The production build, as a person uses it', ['--project', 'e2e'])
// What depends on the browser and is quick; all the rest is in `npm run test:long`.
const engine = [
  'model/folding',
  'model/formats',
  'model/graphModel',
  'model/kernels',
  'model/layer',
  'model/onnxNewest',
  'backend/kernels',
  'images/resize',
  'images/headers',
  'images/png/anyPng',
  'images/cutOffJpeg',
  'images/decodeBatch',
  'reasons/kerasGradients',
  'reasons/graphGradients',
  'reasons/wayBack',
].map((part) => `tests/engine/${part}`)
testBrowsers(suites, { missing, engine, inChromium })
suites.finish()
