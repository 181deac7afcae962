#!/usr/bin/env node
/**
 * @file `urpatch`, the command of the published package. `pack.mjs` makes one script of it and of all that it needs of
 * `src`; the built app lies beside that script. A clone has `npm start`, `npm run scan` and `npm run merge` instead, which
 * first make ready what is missing.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { messageOf } from '../core/errors.ts'
import { inPackage } from './calls.ts'
import { findChromium } from './chromium.mjs'
import { exportHeadless } from './headlessExport.mjs'
import { scanHeadless } from './headlessScan.mjs'
import { merge, readMergeOptions } from './mergeFiles.ts'
import { readOptions } from './scanOptions.ts'
import { serveApp } from './server.mjs'
import { checkResumed } from './snapshotFiles.ts'
import { endInWords } from './words.mjs'

const inPackageFolder = (file: string): string => fileURLToPath(new URL(`../${file}`, import.meta.url))
const dist = inPackageFolder('dist')

const usage = `urpatch                  serves the app for this machine, and opens it
  [--port 4173] [--no-open]
  [--host 0.0.0.0]       for others too, as a container has to
urpatch scan --help      scans without a window
urpatch merge --help     puts parts of a scan together
urpatch --version`

const commands: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  async scan(args) {
    const options = readOptions(args, inPackage)
    await checkResumed(options)
    await scanHeadless(options, { dist, chromium: chromiumHere() })
  },
  async merge(args) {
    const tell = (line: string): void => console.error(line)
    await merge(readMergeOptions(args, inPackage), tell, (snapshot, outs) =>
      exportHeadless(snapshot, outs, { dist, chromium: chromiumHere() }, tell),
    )
  },
}

await endInWords(async () => {
  const [name, ...rest] = process.argv.slice(2)
  if (name === undefined || name.startsWith('-')) return serve(process.argv.slice(2))
  if (!Object.hasOwn(commands, name)) throw new Error(`There is no command ${name}.\n${usage}`)
  return commands[name]!(rest)
})

async function serve(args: readonly string[]): Promise<void> {
  const { host, port, 'no-open': isSilent, help, version } = parse(args)
  if (help) console.log(usage)
  else if (version) console.log(versionHere())
  else
    await serveApp(dist, { host, port: portOf(port), open: !isSilent && !process.env['CI'], isDemo: false })
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        host: { type: 'string', default: 'localhost' },
        port: { type: 'string', default: process.env['PORT'] ?? '4173' },
        'no-open': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        version: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new Error(`${messageOf(error)}\n${usage}`, { cause: error })
  }
}

function portOf(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port is a whole number from 0 to 65535, not ${text}.`)
  return port
}

function versionHere(): string {
  return (JSON.parse(readFileSync(inPackageFolder('package.json'), 'utf8')) as { version: string }).version
}

/** Throws a sentence if there is none: the package installs nothing on its own. */
function chromiumHere(): string {
  const found = findChromium()
  if (found === null)
    throw new Error(
      'This needs Chromium, Chrome or Edge, and none is found here: install one, or set CHROMIUM to its path.',
    )
  return found
}
