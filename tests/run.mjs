/**
 * @file `npm test`: installs what is missing, then checks types, lint and format, and runs the tests in Node, in
 * Chromium, of the production build as a user works with it, and the main job in Firefox. Ends with what has failed, and `N passed, N failed`.
 */
import { ensureBuild, ensurePackages } from '../src/cli/install.mjs'
import { Suites } from './suites.mjs'

ensurePackages()
const { ensureChromium } = await import('../src/cli/chromium.mjs')
ensureChromium()

const { ensureOtherBrowsers } = await import('./browsers/install.mjs')

const suites = new Suites()
suites.check('Types', ['tsc', '-b'])
suites.check('Lint', ['oxlint', '--deny-warnings', 'src', 'tests', 'vite.config.ts'])
suites.check('Format', ['prettier', '--check', '--log-level', 'warn', '.'])
suites.suite('Unit tests', ['--project', 'node'])
suites.suite('Engine and page in Chromium', ['--project', 'browser'])
ensureBuild()
suites.suite('The production build, as a person uses it', ['--project', 'e2e'])
for (const name of ensureOtherBrowsers(['Firefox']).missing)
  suites.skip(1, `The main job in every browser (${name} cannot be had here)`)
suites.suite('The main job in every browser', ['--project', 'browsers'])
suites.finish()
