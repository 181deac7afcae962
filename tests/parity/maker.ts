/**
 * @file Node's side of the parity test: Python makes one network after the other, each while the browser compares
 * the one before. Each is deleted after use, as together they are some gigabytes. The functions are commands of
 * Vitest's browser mode.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import members from './members.json' with { type: 'json' }

/** The folder of the files while they are compared. */
export const folder = path.join(tmpdir(), `urpatch-parity-${process.pid}`)

/** One line of the report. Errors are relative to the layer's largest value, and null if no numbers are compared. */
export interface Row {
  readonly family: string
  readonly member: string
  readonly format: string
  readonly layers: number
  readonly scannable: number
  readonly parameters: number
  readonly compared: number
  readonly worstError: number | null
  readonly worstLayer: string | null
  readonly gradients: number
  readonly worstGradient: number | null
  /** What Keras itself is off by in single precision. */
  readonly ownGradient: number | null
  readonly problem: string | null
}

interface Pending {
  readonly promise: Promise<void>
  resolve(): void
  reject(reason: Error): void
}

const made = new Map<string, Pending>()
const rows: Row[] = []
let python: ChildProcess | null = null

/** Writes `<name>.h5`, `.keras` and `.bin` into the folder. Returns their address and the content of `<name>.json`. */
export async function makeMember(_: unknown, name: string): Promise<unknown> {
  await request(name)
  const next = members[members.findIndex((member) => member.name === name) + 1]
  // If this fails, its own call reports it.
  if (next) request(next.name).catch(() => {})
  const base = path.join(folder, name)
  return { url: `/@fs${base}`, ...(JSON.parse(readFileSync(`${base}.json`, 'utf8')) as object) }
}

export function discardMember(_: unknown, name: string): void {
  for (const ending of ['h5', 'keras', 'bin', 'json'])
    rmSync(path.join(folder, `${name}.${ending}`), { force: true })
}

export function reportRow(_: unknown, row: Row): void {
  rows.push(row)
}

/** Prints the table, and writes it to the file that URPATCH_PARITY_REPORT names. */
export function finish(): void {
  python?.kill()
  rmSync(folder, { recursive: true, force: true })
  const file = process.env['URPATCH_PARITY_REPORT']
  if (file) writeFileSync(file, `${JSON.stringify(rows, null, 2)}\n`)
  console.table(
    rows.map(({ worstError, worstGradient, ownGradient, ...row }) => ({
      ...row,
      worstError: shown(worstError),
      worstGradient: shown(worstGradient),
      ownGradient: shown(ownGradient),
    })),
    'family member format layers scannable parameters compared worstError gradients worstGradient ownGradient problem'.split(
      ' ',
    ),
  )
}

function shown(error: number | null): string {
  return error?.toExponential(1) ?? '–'
}

function request(name: string): Promise<void> {
  const known = made.get(name)
  if (known) return known.promise
  const { promise, resolve, reject } = deferred()
  made.set(name, { promise, resolve, reject })
  python ??= start()
  python.stdin!.write(`${name}\n`)
  return promise
}

function start(): ChildProcess {
  mkdirSync(folder, { recursive: true })
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const script = path.join(import.meta.dirname, 'make_applications.py')
  const child = spawn(process.env['URPATCH_PYTHON'] ?? 'python3', [script, folder, '-'])
  let complaints = ''
  child.stderr.on('data', (text: Buffer) => (complaints = `${complaints}${String(text)}`.slice(-2000)))
  createInterface(child.stdout).on('line', (line) => {
    const [, name] = /^ready (\S+)/.exec(line) ?? []
    if (name) made.get(name)?.resolve()
  })
  const fail = (reason: string): void => {
    for (const { reject } of made.values()) reject(new Error(`Python made no network: ${reason}`))
  }
  child.on('error', ({ message }) => fail(message))
  child.on('exit', () => fail(complaints))
  return child
}

function deferred(): Pending {
  let resolve!: () => void
  let reject!: (reason: Error) => void
  const promise = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
