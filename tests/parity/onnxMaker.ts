/**
 * @file Node's side of the gradients of ONNX files: PyTorch derives one file after the other, while the browser compares those before.
 * The functions are commands of Vitest's browser mode.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { folder } from './maker.ts'

const kit = path.resolve(import.meta.dirname, '../../../shared/kit')
const made = path.join(folder, 'onnx')

/** What derive_onnx.py says of a file of the kit. */
export interface OnnxGradients {
  readonly file: string
  /** The name of the file of numbers. */
  readonly bin: string
  /** By tensor: the unit that is derived, by its place among the numbers in Urpatch's order. */
  readonly units: Readonly<Record<string, number>>
  readonly pairs: readonly {
    readonly of: string
    /** Null: with respect to the image. */
    readonly by: string | null
    readonly offset: number
    readonly size: number
    /** What rounding of the picture changes, as a part of the largest value: at a kink it decides which of two gradients it is. */
    readonly unsteady: number
  }[]
  /** All is to be compared, rather than one tensor of the middle and one of the last. */
  readonly whole: boolean
  readonly problem: string | null
}

/** Whether there are a kit and a Python with PyTorch, in `URPATCH_TORCH`. */
export function canDeriveOnnx(): boolean {
  return Boolean(process.env['URPATCH_TORCH']) && existsSync(path.join(kit, 'onnx'))
}

/** Folders of the kit's models, to which `URPATCH_ONNX_FOLDERS=timm,traps` keeps; null for all. */
export function onnxFolders(): string[] | null {
  return process.env['URPATCH_ONNX_FOLDERS']?.split(',') ?? null
}

let lines: AsyncIterator<string> | null = null

/** Gradients of the next one of these files, and the address of their numbers. */
export async function nextOnnxGradients(
  _: unknown,
  files: readonly string[],
): Promise<{ gradients: OnnxGradients; url: string }> {
  lines ??= start(files)
  const { value, done } = await lines.next()
  if (done) throw new Error('Python derived no more files.')
  const gradients = JSON.parse(value) as OnnxGradients
  return { gradients, url: `/@fs${path.join(made, gradients.bin)}` }
}

function start(files: readonly string[]): AsyncIterator<string> {
  mkdirSync(made, { recursive: true })
  const script = path.join(import.meta.dirname, 'derive_onnx.py')
  const python = spawn(process.env['URPATCH_TORCH']!, [script, kit, made, ...files], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  process.once('exit', () => {
    python.kill()
    rmSync(made, { recursive: true, force: true })
  })
  return createInterface(python.stdout)[Symbol.asyncIterator]()
}

/** Prints the table, and writes it to the file that URPATCH_ONNX_GRADIENTS_REPORT names. */
export function reportOnnx(_: unknown, rows: readonly Record<string, unknown>[]): void {
  const file = process.env['URPATCH_ONNX_GRADIENTS_REPORT']
  if (file) writeFileSync(file, `${JSON.stringify(rows, null, 2)}\n`)
  console.table(rows)
}
