/** Browsers that are missing are installed where that is one command, and otherwise skipped by name. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { installOtherBrowsers } from '../browsers/install.mjs'
import { testBrowsers } from '../browsers/suites.mjs'
import { Suites } from '../suites.mjs'

const isDebian = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0
let folder: string

/** An apt-get that notes what it is asked for, on a path where nothing else but `timeout` is. */
function withApt(script: string): void {
  writeFileSync(path.join(folder, 'apt-get'), `#!/bin/sh\necho "$@" >>${folder}/asked\n${script}\n`)
  writeFileSync(path.join(folder, 'timeout'), '#!/bin/sh\nshift\nexec "$@"\n')
  for (const name of ['apt-get', 'timeout']) chmodSync(path.join(folder, name), 0o755)
  vi.stubEnv('PATH', folder)
  // Firefox is found by its path: here it is this file.
  vi.stubEnv('FIREFOX', import.meta.filename)
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'urpatch-apt-'))
  vi.spyOn(console, 'error').mockReturnValue()
  vi.spyOn(console, 'log').mockReturnValue()
  vi.spyOn(console, 'table').mockReturnValue()
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

it.runIf(isDebian)('asks Debian for exactly what is missing', async () => {
  withApt(
    `for program in WebKitWebDriver Xvfb; do : >${folder}/$program; /bin/chmod +x ${folder}/$program; done`,
  )
  expect(await installOtherBrowsers()).toEqual([])
  expect(readFileSync(path.join(folder, 'asked'), 'utf8').trim().split('\n')).toEqual([
    'update -qq',
    'install -y -qq --no-install-recommends webkit2gtk-driver xvfb',
  ])
  rmSync(path.join(folder, 'asked'))
  expect(await installOtherBrowsers()).toEqual([])
  expect(existsSync(path.join(folder, 'asked'))).toBe(false)
})

it.each(['update', 'install'])('names what is missing when apt-get cannot %s', async (step) => {
  withApt(`[ "$1" != ${step} ] || exit 100`)
  expect(await installOtherBrowsers()).toEqual(['WebKit'])
})

it('skips a missing browser by its name and counts it', () => {
  const suites = new Suites()
  const report = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, testResults: [] }
  const suite = vi.spyOn(suites, 'suite').mockReturnValue(report)
  testBrowsers(suites, { missing: ['WebKit'] })
  expect(suite.mock.calls.map(([title]) => title)).toEqual([
    'The engine in Firefox, without WebGL and WebGPU',
    'The main job in every browser',
  ])
  suites.finish()
  expect(vi.mocked(console.log).mock.calls.flat()).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^SKIPPED 1 of: The engine in WebKit/),
      '\n0 passed, 0 failed, 1 skipped',
    ]),
  )
})
