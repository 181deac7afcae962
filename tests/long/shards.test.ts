/**
 * Twenty shards by the recipes as they are, three of them killed at random times and started again: merged they are what one
 * scan gives, byte for byte. GNU parallel and a stand-in for Slurm run them.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')
const model = path.join(root, 'public/demo/model.h5')
const images = path.join(root, 'public/demo/images.zip')
const shards = 20
const kills = 3
/** About as long as a scan of a shard takes, in milliseconds. */
const life = 9000

let folder: string
let once: Buffer
let onceSnapshot: Buffer

interface Ended {
  readonly status: number | null
  readonly told: string
}

/** Runs a command in the repository, with further variables of the environment. */
function run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env } })
  let told = ''
  child.stdout.on('data', (data: Buffer) => (told += data.toString()))
  child.stderr.on('data', (data: Buffer) => (told += data.toString()))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, told }))
  })
}

/** The scans that write into a folder: process and number of the shard. */
function scansInto(out: string): { pid: number; shard: number }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const args = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0')
      const isScan = args[0]?.endsWith('node') && args[1] === 'src/cli/scan.mjs'
      if (!isScan || !args.some((arg) => arg.startsWith(`${out}/`))) return []
      return [{ pid: Number(name), shard: Number.parseInt(args[args.indexOf('--shard') + 1]!, 10) }]
    } catch {
      // It has ended meanwhile.
      return []
    }
  })
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Kills scans into a folder at random times of their lives, each of another shard, while `work` goes on. */
async function whileKilling<T>(out: string, work: Promise<T>): Promise<{ ended: T; killed: number[] }> {
  const killed: number[] = []
  const end = new AbortController()
  const ended = work.finally(() => end.abort())
  const kill = async (): Promise<void> => {
    while (!end.signal.aborted && killed.length < kills) {
      const known = scansInto(out).filter(({ shard }) => !killed.includes(shard))
      const [victim] = known.toSorted(() => Math.random() - 0.5)
      if (victim) {
        await pause(Math.random() * life)
        try {
          process.kill(victim.pid, 'SIGKILL')
          killed.push(victim.shard)
        } catch {
          // It was done already.
        }
      }
      await pause(200 + Math.random() * 4 * life)
    }
  }
  const killing = kill()
  const result = await ended
  await killing
  return { ended: result, killed }
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'urpatch-shards-'))
  const [json, snapshot] = [path.join(folder, 'once.urpatch.json'), path.join(folder, 'once.urpatch')]
  const outs = ['--out', json, '--out', snapshot]
  const { status, told } = await run('node', [
    'src/cli/scan.mjs',
    '--model',
    model,
    '--images',
    images,
    ...outs,
  ])
  expect(status, told).toBe(0)
  once = readFileSync(json)
  onceSnapshot = readFileSync(snapshot)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('twenty shards, of which three were killed, are one scan', () => {
  it('by GNU parallel', async () => {
    const out = path.join(folder, 'parallel')
    const env = { MODEL: model, IMAGES: images, OUT: out, SHARDS: String(shards), JOBS: '2', SAVE_EVERY: '1' }
    const { ended, killed } = await whileKilling(out, run('recipes/parallel.sh', [], env))
    expect(ended.status, ended.told).toBe(0)
    expect(killed).toHaveLength(kills)
    console.info(`Killed by the way: ${killed.join(', ')}`)
    expect(readFileSync(path.join(out, 'all.urpatch')).equals(onceSnapshot)).toBe(true)
    expect(readFileSync(path.join(out, 'all.urpatch.json')).equals(once)).toBe(true)
    expect(readdirSync(out).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('by a job array of Slurm', async () => {
    const out = path.join(folder, 'slurm')
    const env = { MODEL: model, IMAGES: images, OUT: out, SHARDS: String(shards), SAVE_EVERY: '1' }
    const sbatch = path.join(import.meta.dirname, 'sbatch')
    const submit = (array: string): Promise<Ended> =>
      run(sbatch, ['--wait', `--array=${array}`, 'recipes/slurm.sh'], env)
    const all = ['all.urpatch.json', 'all.urpatch'].map((name) => path.join(folder, `slurm-${name}`))
    const parts = Array.from({ length: shards }, (_, i) => path.join(out, `${i + 1}.urpatch`))
    const merge = (): Promise<Ended> =>
      run('node', ['src/cli/merge.mjs', ...parts.filter(existsSync), ...all.flatMap((one) => ['--out', one])])

    const { ended, killed } = await whileKilling(out, submit(`1-${shards}`))
    expect(ended.status, ended.told).toBe(1)
    expect(killed).toHaveLength(kills)
    console.info(`Killed by the way: ${killed.join(', ')}`)
    const first = await merge()
    expect(first.status).toBe(1)
    expect(first.told).toMatch(/all\.urpatch\.json would lack \d+ of the 3,000 chosen images/)
    const again = await submit(killed.join(','))
    expect(again.status, again.told).toBe(0)
    const second = await merge()
    expect(second.status, second.told).toBe(0)
    expect(readFileSync(all[1]!).equals(onceSnapshot)).toBe(true)
    expect(readFileSync(all[0]!).equals(once)).toBe(true)
  })
})
