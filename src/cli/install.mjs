/**
 * @file Makes a fresh clone ready: packages and build, each only if it is missing or out of date. Imports nothing but
 * Node's own modules, because nothing else may be there yet.
 */
import { execSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import path from 'node:path'

export const root = path.resolve(fileURLToPath(import.meta.url), '../../..')

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Urpatch needs Node 20.19 or newer; this is ${process.versions.node}.`)
  process.exit(1)
}

/**
 * Output of installers and builds goes to stderr: stdout belongs to the command itself.
 * @param {string} command
 * @param {Record<string, string>} [env]
 */
function run(command, env) {
  execSync(command, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 2, 2] })
}

/** When a file was last changed; 0 if there is none. */
function changed(/** @type {string} */ file) {
  return statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0
}

export function ensurePackages() {
  // npm writes this file at the end of an installation.
  const marker = 'node_modules/.package-lock.json'
  if (changed(marker) >= changed('package-lock.json') || hasPackages(marker)) return
  console.error('Installing packages (npm ci) …')
  run('npm ci --include=dev --no-fund --no-audit --loglevel=error')
  utimesSync(path.join(root, marker), new Date(), new Date())
}

/**
 * Whether all that is to be installed is there in its version. git writes `package-lock.json` anew whenever the file has
 * been another one meanwhile, also if the packages are the same.
 * @param {string} marker
 */
function hasPackages(marker) {
  if (changed(marker) === 0) return false
  const [asked, found] = ['package-lock.json', marker].map(packagesIn)
  return Object.entries(asked ?? {}).every(
    ([place, { version, optional }]) => place === '' || optional || found?.[place]?.version === version,
  )
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesIn(file) {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages
}

export function ensureBuild() {
  const inputs = [
    'index.html',
    'package-lock.json',
    'vite.config.ts',
    ...filesUnder('src'),
    ...filesUnder('public'),
  ]
  const built = changed('dist/index.html')
  if (built > 0 && inputs.every((file) => changed(file) <= built)) return
  console.error('Building …')
  // The caller may be in another mode: Vitest's would build a development version of React.
  run('npx vite build --logLevel warn', { NODE_ENV: 'production' })
}

/** @returns {string[]} */
function filesUnder(/** @type {string} */ folder) {
  if (!existsSync(path.join(root, folder))) return []
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
}
