/**
 * @file Finds Firefox, in which the app is tried besides Chromium, and installs it with apt on Debian as root. Elsewhere FIREFOX is its path;
 * what cannot be had is skipped by name.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const firefoxPaths = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
]

/** The path of an installed Firefox; null if there is none. */
export function findFirefox() {
  return [process.env['FIREFOX'], ...firefoxPaths].find((file) => file && existsSync(file)) ?? null
}

/** Which browsers are still missing after what can be installed was installed. */
export function ensureOtherBrowsers() {
  const missing = () => (findFirefox() ? [] : ['Firefox'])
  if (missing().length === 0 || !existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0)
    return { missing: missing() }
  console.error('Installing Firefox with apt-get.')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (/** @type {string[]} */ ...args) =>
    execFileSync('apt-get', args, { env, stdio: ['ignore', 2, 2], timeout: 240_000 })
  try {
    apt('update', '-qq')
    apt('install', '-y', '-qq', '--no-install-recommends', 'firefox-esr')
  } catch {
    // What is missing now is skipped by name.
  }
  return { missing: missing() }
}
