/** @file Reads what the files of `src` import, and proves the table of `src/README.md`: which layer may import which. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const src = path.resolve(import.meta.dirname, '../src')
const tests = import.meta.dirname

interface Import {
  /** The file's path relative to `src`, with `/`. */
  readonly from: string
  /** What it imports: a file's path relative to `src`, or a package. */
  readonly to: string
  readonly isPackage: boolean
  readonly typeOnly: boolean
}

function sourceFiles(folder = '', root = src): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name)
    if (entry.isDirectory()) return sourceFiles(name, root)
    return /\.(ts|tsx|mts|js|mjs)$/.test(entry.name) ? [name] : []
  })
}

/**
 * Removes comments, which may contain words such as "import" and "new Worker". Strings of this code base never contain
 * comment marks, except for the `//` of addresses.
 */
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

/** Whether an import is of types only: `type X`, or braces in which every name is a type. */
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

/** The layer of a file: `core`, `engine` …; files at the top of `src` are `page`. */
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
  'd3-selection',
  'd3-zoom',
  'lucide-react',
  'react',
  'react-aria-components',
  'react-dom',
  'zustand',
]

interface Rule {
  /** The layers that it may import. */
  readonly layers: readonly string[]
  /** The layers of which it may import only types. */
  readonly types: readonly string[]
  /** The packages that it may import. */
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
    layers: ['cli', 'core'],
    types: ['automation'],
    allows: (name) => name.startsWith('node:') || ['playwright-core', 'sirv', 'vite'].includes(name),
  },
}

/** The only way in which the entry of a worker may be imported: as an address, for `new Worker`. */
function isWorkerAddress({ from, to }: Import): boolean {
  return from === 'state/workers/workers.ts' && /^engine\/\w+\.worker\.ts$/.test(to)
}

/** The command line says by the list of the page which files it can write. */
function isListOfExporters({ from, to }: Import): boolean {
  return from.startsWith('cli/') && to === 'state/exports/index.ts'
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
        !isWorkerAddress(one) &&
        !isListOfExporters(one),
    )
    expect(others.map(show)).toEqual([])
  })

  it('imports no package that is not its own', () => {
    const others = own.filter(({ isPackage, to }) => isPackage && !allows(packageOf(to)))
    expect(others.map(show)).toEqual([])
  })
})

it('what a layer is knows no format that writes it, and no format knows another', () => {
  const formats = ['keras', 'tensorflow', 'onnx']
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

it('no file imports the entry of a worker', () => {
  const entries = imports.filter((one) => one.to.endsWith('.worker.ts') && !isWorkerAddress(one))
  expect(entries.map(show)).toEqual([])
  expect(imports.filter(isWorkerAddress).length).toBeGreaterThan(0)
})

/** A circle in `edges`, as the files on it, or null if there is none. */
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

  it('which a circle of types would show', () => {
    const invented = [
      ...importsIn('state/scan/a.ts', "import type { B } from './b.ts'"),
      ...importsIn('state/scan/b.ts', "import { type A } from './a.ts'"),
    ]
    expect(circle(edgesOf(invented))).toEqual(['state/scan/a.ts', 'state/scan/b.ts', 'state/scan/a.ts'])
  })

  it('anywhere, not even for types', () => {
    expect(circle(edgesOf(imports.filter(({ isPackage }) => !isPackage)))).toBeNull()
  })
})

function edgesOf(list: readonly Import[]): Map<string, string[]> {
  const edges = new Map<string, string[]>()
  for (const { from, to } of list) edges.set(from, [...(edges.get(from) ?? []), to])
  return edges
}

interface Rooms {
  /** The folders of a layer: nouns for the most part. */
  readonly rooms: readonly string[]
  /** Its files that lie in no folder, or `any`. */
  readonly files: readonly string[] | 'any'
}

/**
 * Every file has a noun. A new room or a new file without one is a decision: it is written down here, and `src/README.md`
 * says what the room is for.
 */
const house: Readonly<Record<string, Rooms>> = {
  core: {
    rooms: [
      'compare',
      'images',
      'model',
      'mosaic',
      'notes',
      'preprocessing',
      'project',
      'reasons',
      'results',
      'scan',
      'timing',
    ],
    files: [
      'backendNames.ts',
      'correlate.ts',
      'errors.ts',
      'estimates.ts',
      'fields.ts',
      'nearestNames.ts',
      'objectIds.ts',
      'parseJson.ts',
      'paths.ts',
      'recentlyUsed.ts',
      'seededRandom.ts',
      'shownValue.ts',
      'shownText.ts',
      'signatures.ts',
      'softwareRenderers.ts',
    ],
  },
  engine: {
    rooms: [
      'archives',
      'backend',
      'bench',
      'files',
      'images',
      'model',
      'mosaic',
      'preprocessing',
      'reasons',
      'scan',
    ],
    files: [
      'arranger.ts',
      'arranger.worker.ts',
      'decoder.ts',
      'decoder.worker.ts',
      'engine.ts',
      'engine.worker.ts',
      'gallery.ts',
      'gallery.worker.ts',
    ],
  },
  state: {
    rooms: [
      'checkpoints',
      'compare',
      'exports',
      'images',
      'model',
      'mosaic',
      'notes',
      'preprocessing',
      'probe',
      'project',
      'reasons',
      'results',
      'scan',
      'selectors',
      'slices',
      'storage',
      'timing',
      'workers',
    ],
    files: ['addressBar.ts', 'appState.ts', 'store.ts'],
  },
  ui: {
    rooms: [
      'common',
      'compare',
      'images',
      'model',
      'mosaic',
      'notes',
      'preprocessing',
      'probe',
      'reasons',
      'recent',
      'results',
      'scan',
      'tour',
    ],
    files: [
      'App.tsx',
      'FollowedLink.tsx',
      'Header.tsx',
      'HeaderTools.tsx',
      'OpeningProject.tsx',
      'Pages.tsx',
      'Shortcuts.tsx',
      'SkipLink.tsx',
      'StartScreen.tsx',
      'Workbench.tsx',
      'useApp.ts',
      'useShortcutKey.ts',
      'useWorkbench.ts',
    ],
  },
  automation: { rooms: [], files: 'any' },
  cli: { rooms: [], files: 'any' },
  offline: { rooms: [], files: 'any' },
  page: { rooms: [], files: 'any' },
  rpc: { rooms: [], files: 'any' },
}

/** The folder below the layer, however deep the file lies in it; for a file at the top of its layer, its own name. */
function roomOf(file: string): string {
  return file.split('/')[1] ?? file
}

/** The files that lie in no room. */
function strays(all: readonly string[]): string[] {
  return all.filter((file) => {
    const { rooms = [], files: own = [] } = house[layerOf(file)] ?? {}
    const isAtTop = file.split('/').length <= 2
    return isAtTop ? own !== 'any' && !own.includes(roomOf(file)) : !rooms.includes(roomOf(file))
  })
}

describe('every file lies in a room', () => {
  it('which a file without a noun would show', () => {
    expect(
      strays([
        'state/forms/form.ts',
        'state/form.ts',
        'core/model/kinds/conv.ts',
        'rpc/deep/x.ts',
        'main.tsx',
      ]),
    ).toEqual(['state/forms/form.ts', 'state/form.ts', 'rpc/deep/x.ts'])
  })

  it('of the house', () => {
    expect(strays(files)).toEqual([])
  })

  it('and no room is empty', () => {
    const known = new Set(files.map((file) => `${layerOf(file)}/${roomOf(file)}`))
    const listed = Object.entries(house).flatMap(([layer, { rooms, files: own }]) =>
      [...rooms, ...(own === 'any' ? [] : own)].map((room) => `${layer}/${room}`),
    )
    expect(listed.filter((room) => !known.has(room))).toEqual([])
  })

  it('and so does every test, in the room of what it tests', () => {
    const homeless = Object.keys(house)
      .filter((layer) => existsSync(path.join(tests, layer)))
      .flatMap((layer) => sourceFiles(layer, tests))
      .filter((file) => /\.test\.tsx?$/.test(file) && !existsSync(path.join(src, path.dirname(file))))
    expect(homeless).toEqual([])
  })
})

/**
 * The rooms of `state` and its files at the top, each of which knows only what stands before it. Up to `checkpoints` it
 * is machinery.
 */
const stateOrder = [
  'timing',
  'storage',
  'workers',
  'model',
  'images',
  'mosaic',
  'preprocessing',
  'probe',
  'results',
  'compare',
  'project',
  'scan',
  'reasons',
  'notes',
  'checkpoints',
  'appState.ts',
  'selectors',
  'exports',
  'slices',
  'store.ts',
  'addressBar.ts',
]
const machinery = stateOrder.slice(0, stateOrder.indexOf('appState.ts'))

function withinState(list: readonly Import[]): Import[] {
  return list.filter(
    ({ from, to, isPackage }) => !isPackage && layerOf(from) === 'state' && layerOf(to) === 'state',
  )
}

/** The imports by which machinery knows of the store. */
function seenStore(list: readonly Import[]): Import[] {
  return withinState(list).filter(
    ({ from, to }) => machinery.includes(roomOf(from)) && !machinery.includes(roomOf(to)),
  )
}

/** The imports that lead from a room to a later one. */
function wrongWays(list: readonly Import[]): Import[] {
  return withinState(list).filter(
    ({ from, to }) => stateOrder.indexOf(roomOf(from)) < stateOrder.indexOf(roomOf(to)),
  )
}

describe('the rooms of the state', () => {
  it('have an order, all of them', () => {
    const { rooms, files: own } = house['state']!
    expect(stateOrder.toSorted()).toEqual([...rooms, ...own].toSorted())
  })

  it('know only rooms before them, not even types of others', () => {
    const invented = [
      ...importsIn('state/images/sources/a.ts', "import type { B } from '../../scan/b.ts'"),
      ...importsIn('state/scan/b.ts', "import { a } from '../images/sources/a.ts'"),
      ...importsIn('state/store.ts', "import { followAddressBar } from './addressBar.ts'"),
    ]
    expect(wrongWays(invented).map(show)).toEqual([
      'state/images/sources/a.ts → state/scan/b.ts (types)',
      'state/store.ts → state/addressBar.ts',
    ])
    expect(wrongWays(imports).map(show)).toEqual([])
  })

  it('of machinery know nothing of the store: neither its shape nor slices, selectors or exports', () => {
    const invented = [
      ...importsIn('state/scan/a.ts', "import type { AppState } from '../appState.ts'"),
      ...importsIn('state/images/sources/b.ts', "import { createScan } from '../../slices/scanSlice.ts'"),
      ...importsIn('state/checkpoints/c.ts', "import { shapeOf } from '../selectors/shown.ts'"),
      ...importsIn('state/checkpoints/d.ts', "import { a } from '../scan/a.ts'"),
      ...importsIn('state/selectors/e.ts', "import type { AppState } from '../appState.ts'"),
    ]
    expect(seenStore(invented).map(show)).toEqual([
      'state/scan/a.ts → state/appState.ts (types)',
      'state/images/sources/b.ts → state/slices/scanSlice.ts',
      'state/checkpoints/c.ts → state/selectors/shown.ts',
    ])
    expect(seenStore(imports).map(show)).toEqual([])
  })

  it('hide the slices: only the store imports them', () => {
    const users = imports.filter(
      ({ from, to }) => to.startsWith('state/slices/') && !from.startsWith('state/slices/'),
    )
    expect(users.length).toBeGreaterThan(0)
    expect(users.filter(({ from }) => from !== 'state/store.ts').map(show)).toEqual([])
  })
})
