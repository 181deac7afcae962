/**
 * @file Finds the browsers beside Chromium that the app is tried in, and installs what is missing where that is one command: with apt on
 * Debian as root. Elsewhere they are skipped by name. FIREFOX is a path of one's own; WebKit is WebKitGTK's MiniBrowser, started by its
 * WebDriver on a display that nobody sees.
 */
import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import path from 'node:path'

const firefoxPaths = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
]

/** Which packages of Debian have each browser. */
const packages = { Firefox: ['firefox-esr'], WebKit: ['webkit2gtk-driver', 'xvfb'] }

/** @typedef {keyof typeof packages} OtherBrowser */

/** The path of an installed Firefox; null if there is none. */
export function findFirefox() {
  return [process.env['FIREFOX'], ...firefoxPaths].find((file) => file && existsSync(file)) ?? null
}

/** The paths of WebKitGTK's WebDriver and of the display; null if one of them is missing. */
export function findWebKit() {
  const driver = onPath('WebKitWebDriver')
  const display = onPath('Xvfb')
  return driver && display ? { driver, display } : null
}

/** Which of them are still missing after what can be installed was installed. @param {OtherBrowser[]} names */
export function ensureOtherBrowsers(names) {
  const missing = () => names.filter((name) => !isInstalled(name))
  const wanted = missing()
  if (wanted.length > 0 && existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    console.error(`Installing with apt-get: ${wanted.join(', ')}.`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const apt = (/** @type {string[]} */ ...args) =>
      execFileSync('apt-get', args, { env, stdio: ['ignore', 2, 2], timeout: 240_000 })
    try {
      apt('update', '-qq')
      apt('install', '-y', '-qq', '--no-install-recommends', ...wanted.flatMap((name) => packages[name]))
    } catch {
      // What is missing now is skipped by name.
    }
  }
  return { missing: missing() }
}

/** @param {OtherBrowser} name */
function isInstalled(name) {
  return (name === 'Firefox' ? findFirefox() : findWebKit()) !== null
}

/** @param {string} program */
function onPath(program) {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter)
  return folders.map((folder) => path.join(folder, program)).find(isProgram) ?? null
}

function isProgram(/** @type {string} */ file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
