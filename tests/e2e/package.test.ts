/** The package as it would be published: packed, installed in an empty folder, and used there by its command. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../../src/cli/install.mjs'
import { fixtures } from './person.ts'

interface Packed {
  readonly filename: string
  readonly size: number
  readonly files: readonly { path: string }[]
}

interface Manifest {
  readonly version: string
  readonly dependencies: Readonly<Record<string, string>>
}

let folder: string
let packed: Packed
const at = (name: string): string => path.join(folder, name)
const installed = (name: string): string => at(`node_modules/urpatch/${name}`)
const manifest = (): Manifest => JSON.parse(readFileSync(installed('package.json'), 'utf8')) as Manifest

interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function run(command: string, args: readonly string[], cwd: string): Ended {
  return spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 })
}

const npx = (...args: string[]): Ended => run('npx', ['--no-install', 'urpatch', ...args], folder)
/** The same command without npx, which takes its time to start. */
const urpatch = (...args: string[]): Ended => run(at('node_modules/.bin/urpatch'), args, folder)

const sources = ['--model', `${fixtures}sequential.h5`, '--images', `${fixtures}images`]
const options = [...sources, '--layers', 'conv_valid,dense', '--workers', '1']

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'urpatch-package-'))
  const { status, stdout, stderr } = run('npm', ['pack', '--json', '--pack-destination', folder], root)
  expect(status, stderr).toBe(0)
  packed = (JSON.parse(stdout.slice(stdout.indexOf('['))) as Packed[])[0]!
  writeFileSync(at('package.json'), '{ "private": true }')
  const how = ['--prefer-offline', '--omit=dev', '--no-audit', '--no-fund']
  const install = run('npm', ['install', ...how, `./${packed.filename}`], folder)
  expect(install.status, install.stderr).toBe(0)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('what is published', () => {
  it('is the built app and one script, and takes no more room than the demo in it needs', () => {
    const tops = new Set(packed.files.map((file) => file.path.split('/')[0]))
    expect([...tops].toSorted()).toEqual(['LICENSE', 'README.md', 'bin', 'dist', 'package.json'])
    expect(packed.files.map((file) => file.path)).toContain('dist/index.html')
    // 10.7 MB when this was written, 8.7 of them the demo.
    expect(packed.size).toBeLessThan(15_000_000)
  })

  it('needs what its script imports, and nothing else', () => {
    const script = readFileSync(installed('bin/urpatch.mjs'), 'utf8')
    const names = [...script.matchAll(/(?:^import .* from |\bimport\()"([^"]+)"/gm)].map((match) => match[1]!)
    const packages = names.filter((name) => !builtinModules.includes(name.replace(/^node:/, '')))
    expect(packages.toSorted()).toEqual(Object.keys(manifest().dependencies).toSorted())
  })
})

describe('npx urpatch', () => {
  it('scans as a clone does, in parts too, and merges them: byte for byte', () => {
    const once = [at('once.urpatch'), at('once.urpatch.json')]
    const outs = once.flatMap((out) => ['--out', out])
    const clone = run('node', ['src/cli/scan.mjs', ...options, ...outs], root)
    expect(clone.status, clone.stderr).toBe(0)
    const parts = ['1', '2'].map((part) => {
      const scan = npx('scan', ...options, '--shard', `${part}/2`, '--out', `${part}.urpatch`)
      expect(scan.status, scan.stderr).toBe(0)
      return `${part}.urpatch`
    })
    const merged = npx('merge', ...parts, '--out', 'all.urpatch', '--out', 'all.urpatch.json')
    expect(merged.status, merged.stderr).toBe(0)
    for (const [i, name] of ['all.urpatch', 'all.urpatch.json'].entries())
      expect(readFileSync(at(name)).equals(readFileSync(once[i]!)), name).toBe(true)
  })

  it('says how it is called', () => {
    expect(urpatch('--version').stdout.trim()).toBe(manifest().version)
    expect(urpatch('--help').stdout).toContain('urpatch scan --help')
    expect(urpatch('scan', '--help').stdout).toMatch(/^urpatch scan --model .*urpatch merge joins the parts/s)
    expect(urpatch('merge', '--help').stdout).toMatch(/^urpatch merge <a\.urpatch>/)
  })

  it('refuses what it does not know, by a sentence and an exit code', () => {
    for (const [args, sentence] of [
      [['scam'], 'There is no command scam.'],
      [['toString'], 'There is no command toString.'],
      [['--prot', '80'], "Unknown option '--prot'"],
      [['--port', 'http'], '--port is a whole number from 0 to 65535, not http.'],
      [['scan', ...sources], '--model, --images and --out are needed.'],
    ] as const) {
      const { status, stderr } = urpatch(...args)
      expect(status, stderr).toBe(1)
      expect(stderr).toContain(sentence)
      expect(stderr).not.toContain('    at ')
    }
  })

  it('serves the app, and nothing that lies beside it', async () => {
    const server = spawn('node', [installed('bin/urpatch.mjs'), '--port', '0', '--no-open'])
    try {
      const url = await new Promise<string>((resolve) =>
        server.stdout.on('data', (data: Buffer) => resolve(/http:\S+/.exec(data.toString())![0])),
      )
      const index = await fetch(url)
      expect(await index.text()).toBe(readFileSync(installed('dist/index.html'), 'utf8'))
      expect(index.headers.get('content-type')).toContain('text/html')
      const name = packed.files.find((file) => file.path.endsWith('.wasm'))!.path.replace(/^dist\//, '')
      expect((await fetch(url + name)).headers.get('content-type')).toBe('application/wasm')
      const outside = await fetch(`${url}..%2fpackage.json`)
      expect(outside.status).toBe(404)
    } finally {
      server.kill()
    }
  })
})
