/**
 * @file `npm test`: installs what is missing, then types, lint, format, unit tests in Node, engine and page tests in
 * Chromium, and the production build as a person uses it. Ends with `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { ensureBuild, ensurePackages, root } from '../src/cli/install.mjs'

ensurePackages()
const { ensureChromium } = await import('../src/cli/chromium.mjs')
ensureChromium()

const report = path.join(root, 'node_modules/.cache/vitest-report.json')
let passed = 0
let failed = 0
let skipped = 0

/** @param {string} title @param {string[]} command */
function step(title, command) {
  console.log(`\n── ${title}`)
  const { status } = spawnSync('npx', ['--no-install', ...command], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, npm_config_loglevel: 'error' },
  })
  return status === 0
}

/** A check that either holds or doesn't. @param {string} title @param {string[]} command */
function check(title, command) {
  if (step(title, command)) passed++
  else failed++
}

/** Vitest counts its own. @param {string} title @param {string} project */
function suite(title, project) {
  mkdirSync(path.dirname(report), { recursive: true })
  rmSync(report, { force: true })
  const ok = step(title, [
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  const counts = readReport()
  passed += counts.numPassedTests
  skipped += counts.numPendingTests
  // A suite that cannot even start has failed, though no test of it has.
  failed += Math.max(counts.numFailedTests, ok ? 0 : 1)
}

function readReport() {
  try {
    return JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 }
  }
}

check('Types', ['tsc', '-b'])
check('Lint', ['oxlint', '--deny-warnings', 'src', 'tests', 'vite.config.ts'])
check('Format', ['prettier', '--check', '--log-level', 'warn', '.'])
suite('Unit tests', 'node')
suite('Engine and page in Chromium', 'browser')
ensureBuild()
suite('The production build, as a person uses it', 'e2e')

console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed > 0 ? 1 : 0
