/** What the production build holds: sizes and contents of its files do not depend on the machine. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { root } from '../../src/cli/install.mjs'

const assets = path.join(root, 'dist/assets')

function only(name: RegExp): string {
  const found = readdirSync(assets).filter((file) => name.test(file))
  expect(found).toHaveLength(1)
  return readFileSync(path.join(assets, found[0]!), 'utf8')
}

/** Minifying code does not change its strings, except for their quotes. */
function countOf(text: string, key: string, value: string): number {
  return text.match(new RegExp(`${key}:["'\`]${value}["'\`]`, 'g'))?.length ?? 0
}

describe("the engine's script", () => {
  const script = (): string => only(/^engine\.worker-.*\.js$/)

  it('has the kernels of the backends that run, and none of the one that never does', () => {
    expect(countOf(script(), 'backendName', 'webgl')).toBeGreaterThan(100)
    expect(countOf(script(), 'backendName', 'wasm')).toBeGreaterThan(50)
    expect(countOf(script(), 'backendName', 'cpu')).toBe(0)
  })

  it('has no gradients of tfjs and nothing of tfjs-layers', () => {
    // The remaining code reads `gradFunc`, but no kernel gives one.
    expect(script().match(/gradFunc:/g)?.length ?? 0).toBeLessThan(10)
    expect(script()).not.toMatch(/LayersModel/)
  })

  // 237 kB when this was written, and 338 kB with all of tfjs' package.
  it('takes less than 250 kB on its way', () => {
    expect(gzipSync(script()).length).toBeLessThan(250_000)
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
})

it('what React Aria says to screen readers is there in English, and in no other language', () => {
  const scripts = readdirSync(assets).filter((file) => file.endsWith('.js'))
  const text = scripts.map((file) => readFileSync(path.join(assets, file), 'utf8')).join('\n')
  expect(text).toMatch(/selectedAll:["'`]All items selected/)
  // A few tables are left, of languages written from right to left, for one; none has words.
  expect(text.match(/["'`]de-DE["'`]:/g)).toBeNull()
})
