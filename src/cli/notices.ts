/**
 * @file The licences of what the built app has in it, as one text beside it: those of the packages whose modules were bundled,
 * into the page, its workers and the service worker, and those of the libraries that were compiled into their binaries.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Plugin } from 'vite'

/** Lies in the build beside the page, which links to it. */
export const noticesFile = 'licenses.txt'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: string
  readonly dependencies?: Readonly<Record<string, string>>
}

interface Chunks {
  readonly [file: string]: { readonly type: string; readonly moduleIds?: readonly string[] }
}

const line = '='.repeat(80)

export class Notices {
  readonly #root: string
  /** The folders of the packages that were bundled. */
  readonly #folders = new Set<string>()

  constructor(root: string) {
    this.#root = root
  }

  /** Reads what workers are made of. */
  readonly ofWorkers = (): Plugin => ({
    name: 'notices-of-workers',
    apply: 'build',
    generateBundle: (_, bundle) => this.#collect(bundle),
  })

  /**
   * Writes the text with the page, whose bundle is made after those of its workers. The service worker lists all files, so it
   * is made later still: `others` are packages that go into it with all that they need.
   */
  ofPage(others: readonly string[]): Plugin {
    const collect = (bundle: Chunks): void => this.#collect(bundle)
    const text = (): string => this.#text(others)
    return {
      name: 'notices',
      apply: 'build',
      generateBundle(_, bundle) {
        collect(bundle)
        this.emitFile({ type: 'asset', fileName: noticesFile, source: text() })
      },
    }
  }

  #collect(bundle: Chunks): void {
    for (const { moduleIds = [] } of Object.values(bundle))
      for (const id of moduleIds) {
        const folder = folderOf(id)
        if (folder !== null) this.#folders.add(folder)
      }
  }

  #text(others: readonly string[]): string {
    const folders = new Set(this.#folders)
    for (const name of others) addWithNeeds(this.#of('node_modules', name), folders)
    const apache = readFileSync(this.#of('licenses/apache-2.0.txt'), 'utf8')
    /** Packages by the text of their licence: those of one house often have the same. */
    const byText = new Map<string, string[]>()
    for (const folder of [...folders].toSorted()) {
      const { name, version, license = '' } = manifestOf(folder)
      const text = licenceIn(folder) ?? (license === 'Apache-2.0' ? apache : licenceInReadme(folder))
      if (text === null) throw new Error(`The package ${name} is bundled and has no text of a licence.`)
      byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`])
    }
    return [
      `Urpatch\n\n${readFileSync(this.#of('LICENSE'), 'utf8').trim()}`,
      'Urpatch has the work of others in it. These are their licences, first of packages of JavaScript, then of libraries that are compiled into binaries.',
      ...[...byText].map(([text, names]) => `${names.toSorted().join('\n')}\n\n${text.trim()}`),
      readFileSync(this.#of('licenses/binaries.txt'), 'utf8').trim(),
    ].join(`\n\n${line}\n\n`)
  }

  #of(...parts: readonly string[]): string {
    return path.join(this.#root, ...parts)
  }
}

/** The folder of the package that a module belongs to; null for a module of our own. */
export function folderOf(id: string): string | null {
  return /^\0?((?:.*[/\\])?node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+)[/\\]/.exec(id)?.[1] ?? null
}

function addWithNeeds(folder: string, folders: Set<string>): void {
  if (folders.has(folder)) return
  folders.add(folder)
  for (const name of Object.keys(manifestOf(folder).dependencies ?? {}))
    addWithNeeds(installedFor(folder, name), folders)
}

/** Where Node finds a package that another one asks for: in its own `node_modules`, or in those around it. */
function installedFor(folder: string, name: string): string {
  for (let around = folder; around !== path.dirname(around); around = path.dirname(around)) {
    const found = path.join(around, 'node_modules', name)
    if (existsSync(found)) return found
  }
  throw new Error(`${name}, which ${folder} needs, is not installed.`)
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest
}

/** All that a package says in files of its own; null if there is none. */
function licenceIn(folder: string): string | null {
  const files = readdirSync(folder).filter((file) => /^(licen[sc]e|copying|notice)/i.test(file))
  if (files.length === 0) return null
  return files.map((file) => readFileSync(path.join(folder, file), 'utf8').trim()).join('\n\n')
}

/** The text at the end of the description, if it stands there. */
function licenceInReadme(folder: string): string | null {
  const file = path.join(folder, 'README.md')
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  return /^#*\s*licen[sc]e\b.*\n[^]*Copyright[^]*Permission[^]*$/im.exec(text)?.[0] ?? null
}
