/**
 * @file Runs checks and suites of Vitest one after the other, counts, and lists at the end what has failed: logs of CI are
 * read from their last lines.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { root } from '../src/cli/install.mjs'

/**
 * @typedef {object} Report Vitest's, as far as it is needed
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {FileReport[]} testResults
 *
 * @typedef {object} FileReport
 * @property {string} name
 * @property {string} status
 * @property {string} message
 * @property {{ fullName: string, status: string, failureMessages: string[] }[]} assertionResults
 */

/** Lines that begin with these words are repeated at the end; `.ci/run` finds them by the words. */
const failedWord = 'FAILED'
const skippedWord = 'SKIPPED'
/** Fewer than the lines of a log that are shown. */
const mostLines = 80
const longestLine = 240
/** Of more tests that are skipped only the number is said. */
const mostNamed = 3

export class Suites {
  #passed = 0
  #failed = 0
  #skipped = 0
  /** @type {string[]} */
  #news = []

  /** A check that either holds or does not. @param {string} title @param {readonly string[]} command */
  check(title, command) {
    if (step(title, command)) this.#passed++
    else this.#fail(title, [])
  }

  /**
   * Vitest counts its own tests. Gives back its report.
   * @param {string} title
   * @param {readonly string[]} options
   * @param {Record<string, string>} [env]
   */
  suite(title, options, env) {
    const file = path.join(root, 'node_modules/.cache/vitest-report.json')
    mkdirSync(path.dirname(file), { recursive: true })
    rmSync(file, { force: true })
    const command = ['vitest', 'run', ...options]
    const ok = step(
      title,
      [...command, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
      env,
    )
    const report = readReport(file)
    this.#passed += report.numPassedTests
    const skipped = testsOf(report).filter(({ status }) => status === 'skipped')
    const named = skipped.length > mostNamed ? '' : ` (${skipped.map(({ fullName }) => fullName).join(', ')})`
    if (report.numPendingTests > 0) this.skip(report.numPendingTests, title + named)
    const failures = failuresOf(report)
    if (failures.length > 0) this.#fail(title, failures)
    // A suite that cannot even start has failed, though no test of it has.
    else if (!ok) this.#fail(title, ['it did not come to its end'])
    return report
  }

  /** @param {number} count @param {string} what */
  skip(count, what) {
    this.#skipped += count
    this.#news.push(`${skippedWord} ${count} of: ${what}`)
  }

  /** @param {string} title @param {readonly string[]} failures */
  #fail(title, failures) {
    this.#failed += Math.max(1, failures.length)
    const lines = failures.length > 0 ? failures.map((failure) => `${title} · ${failure}`) : [title]
    this.#news.push(...lines.map((line) => `${failedWord} ${short(line)}`))
  }

  /** Says what has failed and what was skipped, and last of all the numbers. */
  finish() {
    console.log()
    for (const line of this.#news.slice(0, mostLines)) console.log(line)
    if (this.#news.length > mostLines)
      console.log(`… and ${this.#news.length - mostLines} more lines like these`)
    const skipped = this.#skipped > 0 ? `, ${this.#skipped} skipped` : ''
    console.log(`\n${this.#passed} passed, ${this.#failed} failed${skipped}`)
    process.exitCode = this.#failed > 0 ? 1 : 0
  }
}

/** @param {string} title @param {readonly string[]} command @param {Record<string, string>} [env] */
function step(title, command, env) {
  console.log(`\n── ${title}`)
  const { status } = spawnSync('npx', ['--no-install', ...command], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, npm_config_loglevel: 'error', ...env },
  })
  return status === 0
}

/** @param {string} file @returns {Report} */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, testResults: [] }
  }
}

/** @param {Pick<Report, 'testResults'>} report */
export function testsOf({ testResults }) {
  return testResults.flatMap(({ assertionResults }) => assertionResults)
}

/** File, title and the first line of the error of each test that failed, and of each file that could not be read. */
export function failuresOf(/** @type {Report} */ { testResults }) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = path.relative(root, name)
    const failed = assertionResults.filter((test) => test.status === 'failed')
    if (failed.length === 0 && status === 'failed') return [`${file} · ${message}`]
    return failed.map(
      ({ fullName, failureMessages }) => `${file} · ${fullName} · ${failureMessages[0] ?? ''}`,
    )
  })
}

/** @param {string} text */
function short(text) {
  const [line = ''] = stripVTControlCharacters(text).trim().split('\n')
  return line.length > longestLine ? `${line.slice(0, longestLine - 1)}…` : line
}
