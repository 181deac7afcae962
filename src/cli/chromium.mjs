/** @file Which Chromium drives tests and command line, and how it is started. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { chromium } from 'playwright-core'

/**
 * The pages behind the address bar, which Chromium makes for each window though headless shows none: they take more of the
 * processor than to open Urpatch. Only the last list of a command line counts, so Playwright's own ones are here as well.
 */
const disabledFeatures = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'msForceBrowserSignIn',
  'msEdgeUpdateLaunchServicesPreferredVersion',
]

/** WebGL and WebGPU in software if there is no graphics card; no calls home. */
export const browserFlags = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--enable-unsafe-swiftshader',
  // Linux has WebGPU behind this flag only.
  '--enable-unsafe-webgpu',
  `--disable-features=${disabledFeatures.join(',')}`,
]

/** Where installers put Chromium, Chrome and Edge, which are one browser here. */
const usualPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/snap/bin/chromium',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/microsoft-edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ...['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((name) =>
    ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'].map((program) =>
      path.win32.join(process.env[name] ?? 'C:\\', program),
    ),
  ),
]

/** The path of an installed Chromium: CHROMIUM, the usual paths, playwright's own; null if there is none. */
export function findChromium() {
  const candidates = [process.env['CHROMIUM'], ...usualPaths, chromium.executablePath()]
  return candidates.find((file) => file && existsSync(file)) ?? null
}

/**
 * Headless.
 * @param {string} executablePath
 * @param {readonly string[]} more further flags
 */
export function launch(executablePath, more = []) {
  return chromium.launch({ executablePath, args: [...browserFlags, ...more] })
}

/** The same, but installs one if there is none: with apt on Debian as root, elsewhere with playwright. */
export function ensureChromium() {
  const found = findChromium()
  if (found) return found
  const debian = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0
  console.error(`No Chromium found: installing it with ${debian ? 'apt-get' : 'playwright'}.`)
  const run = (/** @type {string} */ command, /** @type {string[]} */ args) =>
    execFileSync(command, args, { stdio: ['ignore', 2, 2] })
  if (debian) {
    run('apt-get', ['update', '-qq'])
    run('apt-get', ['install', '-y', '-qq', 'chromium'])
  } else {
    run('npx', ['playwright', 'install', 'chromium'])
  }
  const installed = findChromium()
  if (!installed) throw new Error('Chromium could not be installed. Install it, or set CHROMIUM to its path.')
  return installed
}
