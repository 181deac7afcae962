/**
 * @file What is run in Firefox and WebKit beside Chromium: the engine's tests, and the main job. Ends with a table of what came of it,
 * browser by browser.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { root } from '../../src/cli/install.mjs'
import { testsOf } from '../suites.mjs'
import { otherBrowsers } from './install.mjs'

/** The main job leaves its table here: step, browser, what came of it. */
export const jobFile = path.join(root, 'node_modules/.cache/main-job.json')

/**
 * @typedef {import('../suites.mjs').Report} Report
 * @typedef {Record<string, Record<string, string>>} Table
 *
 * @param {Pick<import('../suites.mjs').Suites, 'suite' | 'skip'>} suites
 * @param {object} options
 * @param {readonly import('./install.mjs').OtherBrowser[]} options.missing
 * @param {readonly string[]} [options.engine] which of the engine's tests, if not all
 * @param {readonly string[]} [options.more] further options of Vitest
 * @param {Report} [options.inChromium] what came of these tests there
 */
export function testBrowsers(suites, { missing, engine = [], more = [], inChromium }) {
  /** @type {Table} */
  const table = { "the engine's tests": {} }
  const counts = /** @type {Record<string, string>} */ (table["the engine's tests"])
  if (inChromium) counts['Chromium'] = countsOf(inChromium)
  const config = ['--config', 'tests/browsers/vite.config.ts']
  for (const name of otherBrowsers)
    if (missing.includes(name)) {
      suites.skip(1, `The engine in ${name}, which cannot be had here`)
      counts[name] = 'skipped'
    } else
      counts[name] = countsOf(
        suites.suite(`The engine in ${name}, without WebGL and WebGPU`, [
          ...config,
          '--project',
          name,
          ...engine,
          ...more,
        ]),
      )

  mkdirSync(path.dirname(jobFile), { recursive: true })
  rmSync(jobFile, { force: true })
  suites.suite('The main job in every browser', ['--project', 'browsers', ...more])
  console.table({ ...readTable(), ...table })
}

/** Of the engine's tests alone. @param {Report} report */
function countsOf({ testResults }) {
  const engine = path.join(root, 'tests/engine') + path.sep
  const tests = testsOf({
    testResults: testResults.filter(({ name }) => path.resolve(name).startsWith(engine)),
  })
  const having = (/** @type {string} */ status) => tests.filter((test) => test.status === status).length
  return `${having('passed')} passed, ${having('failed')} failed, ${having('skipped')} skipped`
}

/** @returns {Table} */
function readTable() {
  try {
    return JSON.parse(readFileSync(jobFile, 'utf8'))
  } catch {
    return { 'the main job': { Chromium: 'did not come to its end' } }
  }
}
