/**
 * @file Finds the browsers beside Chromium that the app is tried in, and installs what is missing where that is one command: with apt on
 * Debian as root. Elsewhere they are skipped by name. FIREFOX is a path of one's own; WebKit is WebKitGTK's MiniBrowser, started by its
 * WebDriver on a display that nobody sees.
 */
import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { once } from 'node:events'
import path from 'node:path'

const firefoxPaths = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
]

/** Which packages of Debian have each browser. */
const packages = { Firefox: ['firefox-esr'], WebKit: ['webkit2gtk-driver', 'xvfb'] }

/** @typedef {keyof typeof packages} OtherBrowser */

/** @type {readonly OtherBrowser[]} */
export const otherBrowsers = ['Firefox', 'WebKit']

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

/**
 * Which of them are still missing after what can be installed was installed. It is one command that goes on also while the caller blocks.
 */
export async function installOtherBrowsers() {
  const missing = () => otherBrowsers.filter((name) => !isInstalled(name))
  const wanted = missing()
  if (wanted.length > 0 && existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    console.error(`Installing with apt-get: ${wanted.join(', ')}.`)
    const install = `apt-get install -y -qq --no-install-recommends ${wanted.flatMap((name) => packages[name]).join(' ')}`
    // Without a network it gives up in time. What is missing then is skipped by name.
    const command = `timeout 240 apt-get update -qq && exec timeout 480 ${install}`
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    await once(spawn('/bin/sh', ['-c', command], { env, stdio: ['ignore', 'ignore', 2] }), 'exit')
  }
  return missing()
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
