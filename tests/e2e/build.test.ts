/** What the production build holds: sizes and contents of its files do not depend on the machine. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { root } from '../../src/cli/install.mjs'

const assets = path.join(root, 'dist/assets')

const read = (file: string): string => readFileSync(path.join(assets, file), 'utf8')

function only(name: RegExp): string {
  const found = readdirSync(assets).filter((file) => name.test(file))
  expect(found).toHaveLength(1)
  return found[0]!
}

/** Minifying code does not change its strings, except for their quotes. */
function countOf(text: string, key: string, value: string): number {
  return text.match(new RegExp(`${key}:["'\`]${value}["'\`]`, 'g'))?.length ?? 0
}

/** The scripts that a script needs before it can run. */
function importsOf(file: string): string[] {
  const imports = read(file).matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+\.js)["'`]/g)
  return Array.from(imports, ([, name]) => name!)
}

/** The scripts that an import of a backend's module loads, besides those that are loaded already. */
function withImports(file: string, loaded: readonly string[] = []): string[] {
  if (loaded.includes(file)) return []
  const found = [file]
  for (const name of importsOf(file)) found.push(...withImports(name, [...loaded, ...found]))
  return found
}

describe("the engine's scripts", () => {
  const engine = (): string[] => withImports(only(/^engine\.worker-.*\.js$/))
  const onWasm = (): string[] => withImports(only(/^wasmBackend-.*\.js$/), engine())
  const onWebgl = (): string[] => withImports(only(/^webglBackend-.*\.js$/), engine())

  const kernelsFor = (backend: string, files: readonly string[]): number =>
    countOf(files.map(read).join('\n'), 'backendName', backend)
  const gzipped = (files: readonly string[]): number =>
    files.reduce((sum, file) => sum + gzipSync(read(file)).length, 0)

  it('have the kernels of the backend that runs, and of no other', () => {
    expect(kernelsFor('wasm', onWasm())).toBeGreaterThan(50)
    expect(kernelsFor('webgl', onWebgl())).toBeGreaterThan(100)
    for (const [backend, files] of [
      ['wasm', [...engine(), ...onWebgl()]],
      ['webgl', [...engine(), ...onWasm()]],
      ['webgpu', [...engine(), ...onWasm(), ...onWebgl()]],
      ['cpu', [...engine(), ...onWasm(), ...onWebgl()]],
    ] as const)
      expect(kernelsFor(backend, files), backend).toBe(0)
  })

  it('have no gradients of tfjs and nothing of tfjs-layers', () => {
    const text = [...engine(), ...onWasm(), ...onWebgl()].map(read).join('\n')
    // The remaining code reads `gradFunc`, but no kernel gives one.
    expect(text.match(/gradFunc:/g)?.length ?? 0).toBeLessThan(10)
    expect(text).not.toMatch(/LayersModel/)
  })

  // 165 and 207 kB when this was written, and 247 kB with both backends in one script.
  it('take less than 200 kB on their way to WASM, and less than 250 kB to WebGL', () => {
    expect(gzipped([...engine(), ...onWasm()])).toBeLessThan(200_000)
    expect(gzipped([...engine(), ...onWebgl()])).toBeLessThan(250_000)
  })
})

describe("a worker's first script", () => {
  it('is imported by no other, as WebKit would run it twice, and imports one', () => {
    const scripts = readdirSync(assets).filter((file) => file.endsWith('.js'))
    const workers = scripts.filter((file) => /\.worker-/.test(file))
    expect(workers).toHaveLength(4)
    for (const worker of workers) {
      expect(importsOf(worker)).toHaveLength(1)
      expect(scripts.filter((file) => importsOf(file).includes(worker))).toEqual([])
    }
  })
})

describe('the first page', () => {
  const html = readFileSync(path.join(root, 'dist/index.html'), 'utf8')
  const scripts = [...html.matchAll(/(?:src|href)="\.\/assets\/([^"]+\.js)"/g)].map((match) => match[1]!)

  it('loads less than 200 kB of scripts', () => {
    expect(scripts.length).toBeGreaterThan(0)
    const bytes = scripts.map((file) => gzipSync(readFileSync(path.join(assets, file))).length)
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(200_000)
  })

  it('knows how preprocessing is guessed with the first model only: 7 kB', () => {
    const holds = (file: string): boolean => read(file).includes('−1…1 of the centre square')
    const others = readdirSync(assets).filter((file) => file.endsWith('.js') && !scripts.includes(file))
    expect(scripts.filter(holds)).toEqual([])
    expect(others.some(holds)).toBe(true)
  })
})

it('what React Aria says to screen readers is there in English, and in no other language', () => {
  const scripts = readdirSync(assets).filter((file) => file.endsWith('.js'))
  const text = scripts.map((file) => readFileSync(path.join(assets, file), 'utf8')).join('\n')
  expect(text).toMatch(/longPressMessage:["'`]Long press or press Alt/)
  // A few tables are left, of languages written from right to left, for one; none has words.
  expect(text.match(/["'`]de-DE["'`]:/g)).toBeNull()
})
