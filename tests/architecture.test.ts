/** @file Reads what the files of `src` import, and proves the table of `src/README.md`: who may know whom. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const src = path.resolve(import.meta.dirname, '../src')

interface Import {
  /** Relative to `src`, with `/`. */
  readonly from: string
  /** A file relative to `src`, or a package. */
  readonly to: string
  readonly isPackage: boolean
  readonly typeOnly: boolean
}

function sourceFiles(folder = ''): string[] {
  return readdirSync(path.join(src, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name)
    if (entry.isDirectory()) return sourceFiles(name)
    return /\.(ts|tsx|mts|js|mjs)$/.test(entry.name) ? [name] : []
  })
}

/** Comments hold words such as "import" and "new Worker". Strings of this code base never hold comment marks but `//` of addresses. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1')
}

function importsIn(from: string, text: string): Import[] {
  const found: { specifier: string; typeOnly: boolean }[] = []
  const code = withoutComments(text)
  for (const [, clause, specifier] of code.matchAll(
    /^\s*(?:import|export)\s+([^'";]*?)\s*from\s*['"]([^'"]+)['"]/gm,
  ))
    found.push({ specifier: specifier!, typeOnly: isTypeOnly(clause!) })
  for (const [, specifier] of code.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm))
    found.push({ specifier: specifier!, typeOnly: false })
  for (const [, specifier] of code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g))
    found.push({ specifier: specifier!, typeOnly: false })
  for (const [, specifier] of code.matchAll(/new URL\(\s*['"](\.[^'"]+)['"]\s*,\s*import\.meta\.url/g))
    found.push({ specifier: specifier!, typeOnly: false })
  return found.map(({ specifier, typeOnly }) => {
    const isPackage = !specifier.startsWith('.')
    const file = path.posix.join(path.posix.dirname(from), specifier.replace(/\?.*$/, ''))
    return { from, to: isPackage ? specifier : file, isPackage, typeOnly: typeOnly || from.endsWith('.d.ts') }
  })
}

/** `type X`, or braces in which every name is a type. */
function isTypeOnly(clause: string): boolean {
  if (/^type\s/.test(clause)) return true
  const braces = /^\{([\s\S]*)\}$/.exec(clause.trim())
  const names = braces?.[1]
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return names !== undefined && names.length > 0 && names.every((name) => name.startsWith('type '))
}

const files = sourceFiles()
const texts = new Map(files.map((file) => [file, readFileSync(path.join(src, file), 'utf8')]))
const imports = files.flatMap((file) => importsIn(file, texts.get(file)!))

/** `core`, `engine` …; files at the top of `src` are `page`. */
function layerOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : 'page'
}

function show({ from, to, typeOnly }: Import): string {
  return `${from} → ${to}${typeOnly ? ' (types)' : ''}`
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

const uiPackages = [
  '@tanstack/react-virtual',
  'client-zip',
  'lucide-react',
  'react',
  'react-aria-components',
  'react-dom',
  'zustand',
]

interface Rule {
  /** Layers it may import. */
  readonly layers: readonly string[]
  /** Layers of which it may import types only. */
  readonly types: readonly string[]
  /** Packages it may import. */
  readonly allows: (name: string) => boolean
}

const rules: Readonly<Record<string, Rule>> = {
  core: { layers: ['core'], types: [], allows: () => false },
  rpc: { layers: ['rpc'], types: [], allows: () => false },
  engine: {
    layers: ['engine', 'core', 'rpc'],
    types: [],
    allows: (name) => !uiPackages.includes(name) && !name.startsWith('node:'),
  },
  state: {
    layers: ['state', 'core', 'rpc'],
    types: ['engine'],
    allows: (name) => ['zustand', 'idb'].includes(name),
  },
  ui: { layers: ['ui', 'state', 'core'], types: ['engine'], allows: (name) => uiPackages.includes(name) },
  automation: { layers: ['automation', 'ui', 'state', 'core'], types: ['engine'], allows: () => false },
  offline: { layers: ['offline'], types: [], allows: (name) => name === 'serwist' },
  page: {
    layers: ['page', 'automation', 'ui', 'state', 'core'],
    types: [],
    allows: (name) => uiPackages.includes(name),
  },
  cli: {
    layers: ['cli'],
    types: ['automation', 'core'],
    allows: (name) => name.startsWith('node:') || ['playwright', 'playwright-core', 'vite'].includes(name),
  },
}

/** The one import of a worker's entry: as an address, for `new Worker`. */
function isWorkerAddress({ from, to }: Import): boolean {
  return from === 'state/workers/workers.ts' && /^engine\/\w+\.worker\.ts$/.test(to)
}

it('reads the imports that a person sees', () => {
  const text = [
    "import React from 'react'",
    "import { type A, b } from './b.ts'",
    "import { type C, type D } from '../core/c.ts'",
    'import type {\n  E,\n} from "./e.ts"',
    "import './style.css'",
    "import wasm from './x.wasm?url'",
    "// import nothing from 'nowhere'",
    "export { f } from './f.ts'",
    "const g = lazy(() => import('./G.tsx'))",
    "const u = new URL('../engine/a.worker.ts', import.meta.url)",
  ].join('\n')
  expect(importsIn('ui/a.ts', text).map(show).toSorted()).toEqual(
    [
      'ui/a.ts → core/c.ts (types)',
      'ui/a.ts → engine/a.worker.ts',
      'ui/a.ts → react',
      'ui/a.ts → ui/G.tsx',
      'ui/a.ts → ui/b.ts',
      'ui/a.ts → ui/e.ts (types)',
      'ui/a.ts → ui/f.ts',
      'ui/a.ts → ui/style.css',
      'ui/a.ts → ui/x.wasm',
    ].toSorted(),
  )
  expect(imports.length).toBeGreaterThan(150)
})

it('every import of a file leads to a file that is there', () => {
  const known = new Set(files)
  const lost = imports.filter(({ to, isPackage }) => !isPackage && /\.(tsx?|mjs)$/.test(to) && !known.has(to))
  expect(lost.map(show)).toEqual([])
})

it('there are rules for every folder of src', () => {
  expect([...new Set(files.map(layerOf))].filter((layer) => !(layer in rules))).toEqual([])
})

describe.each(Object.entries(rules))('%s', (layer, { layers, types, allows }) => {
  const own = imports.filter(({ from }) => layerOf(from) === layer)

  it('has files', () => {
    expect(files.some((file) => layerOf(file) === layer)).toBe(true)
  })

  it(`imports files of ${layers.join(', ')} only${types.length ? `, and types of ${types.join(', ')}` : ''}`, () => {
    const others = own.filter(
      (one) =>
        !one.isPackage &&
        !layers.includes(layerOf(one.to)) &&
        !(one.typeOnly && types.includes(layerOf(one.to))) &&
        !isWorkerAddress(one),
    )
    expect(others.map(show)).toEqual([])
  })

  it('imports no package that is not its own', () => {
    const others = own.filter(({ isPackage, to }) => isPackage && !allows(packageOf(to)))
    expect(others.map(show)).toEqual([])
  })
})

it('what a layer is knows no format that writes it, and no format knows another', () => {
  const formats = ['keras', 'tensorflow']
  const formatOf = (file: string): string | undefined =>
    formats.find((format) => file.startsWith(`core/model/${format}/`))
  for (const format of formats) expect(files.map(formatOf)).toContain(format)
  const own = imports.filter(({ from }) => from.startsWith('core/model/'))
  const wrong = own.filter(({ from, to }) => formatOf(to) !== undefined && formatOf(to) !== formatOf(from))
  expect(wrong.map(show)).toEqual([])
})

it('only the engine knows TensorFlow.js and HDF5', () => {
  const users = imports.filter(({ to, isPackage }) => isPackage && /^(@tensorflow\/|h5wasm)/.test(to))
  expect(users.length).toBeGreaterThan(0)
  expect(users.filter(({ from }) => layerOf(from) !== 'engine').map(show)).toEqual([])
})

it('workers are made in src/state/workers/workers.ts and nowhere else', () => {
  const makers = files.filter((file) => /new (Shared)?Worker\(/.test(withoutComments(texts.get(file)!)))
  expect(makers).toEqual(['state/workers/workers.ts'])
})

it('the entry of a worker is imported by nobody', () => {
  const entries = imports.filter((one) => one.to.endsWith('.worker.ts') && !isWorkerAddress(one))
  expect(entries.map(show)).toEqual([])
  expect(imports.filter(isWorkerAddress).length).toBeGreaterThan(0)
})

/** A circle in `edges`, as the files on it, or null. */
function circle(edges: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>()
  const visit = (file: string, trail: readonly string[]): string[] | null => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file]
    if (done.has(file)) return null
    for (const next of edges.get(file) ?? []) {
      const found = visit(next, [...trail, file])
      if (found) return found
    }
    done.add(file)
    return null
  }
  for (const file of edges.keys()) {
    const found = visit(file, [])
    if (found) return found
  }
  return null
}

describe('no file imports itself in a circle', () => {
  it('which a circle would show', () => {
    expect(
      circle(
        new Map([
          ['a', ['b']],
          ['b', ['c', 'd']],
          ['d', ['b']],
        ]),
      ),
    ).toEqual(['b', 'd', 'b'])
    expect(
      circle(
        new Map([
          ['a', ['b', 'c']],
          ['b', ['c']],
        ]),
      ),
    ).toBeNull()
  })

  it('in core, not even for types', () => {
    const own = imports.filter(({ from, isPackage }) => layerOf(from) === 'core' && !isPackage)
    expect(circle(edgesOf(own))).toBeNull()
  })

  it('anywhere, types left out', () => {
    expect(
      circle(edgesOf(imports.filter((one) => !one.isPackage && !one.typeOnly && !isWorkerAddress(one)))),
    ).toBeNull()
  })
})

function edgesOf(list: readonly Import[]): Map<string, string[]> {
  const edges = new Map<string, string[]>()
  for (const { from, to } of list) edges.set(from, [...(edges.get(from) ?? []), to])
  return edges
}
