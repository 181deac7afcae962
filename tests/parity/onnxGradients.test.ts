/**
 * @file The kit's ONNX files backwards: gradients of units and logits with respect to the image and to a layer between are those
 * that PyTorch derives in double precision of the same file (`derive_onnx.py`). Needs `URPATCH_TORCH`, a Python with torch, onnx
 * and onnxruntime.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import type { Pair } from '../../src/core/model/network.ts'
import type { Endpoint } from '../../src/rpc/endpoint.ts'
import { connect, type Remote } from '../../src/rpc/remote.ts'
import { refusedOnnx } from '../fixtures/refusedOnnx.ts'
import { goldenOnnx, kitOnnxFiles } from '../engine/kitFiles.ts'
import type { GradientError, OnnxBackwards } from './onnxGradients.worker.ts'
import type { OnnxGradients } from './onnxMaker.ts'

declare module 'vitest/browser' {
  interface BrowserCommands {
    canDeriveOnnx(): Promise<boolean>
    onnxFolders(): Promise<string[] | null>
    nextOnnxGradients(files: readonly string[]): Promise<{ gradients: OnnxGradients; url: string }>
    reportOnnx(rows: readonly Record<string, unknown>[]): Promise<void>
  }
}

const tolerance = 1e-4

/** A gradient may be so many times as far off as rounding of the picture takes it. */
const timesUnsteady = 3

/** Files that PyTorch derives nothing of, and how the reason begins. */
const withoutGradients: Readonly<Record<string, string>> = {
  // onnxruntime, which it is compared with, knows no half-precision of this kind.
  'encodings/bfloat16-0.onnx': 'InvalidGraph',
  'torch-ops/ort-extended.onnx': 'nothing to d',
  'traps/two_inputs-0.onnx': 'ValueError: ',
}

const canDerive = await commands.canDeriveOnnx()
const golden = canDerive ? await goldenOnnx<{ readonly input: readonly number[] }>() : {}
const folders = await commands.onnxFolders()
const derived = Object.keys(golden).filter((file) => folders?.includes(folderOf(file)) ?? true)

function folderOf(file: string): string {
  return file.split('/')[0]!
}

describe.skipIf(!canDerive)('the kit’s ONNX files backwards', () => {
  let worker: Worker
  let remote: Remote<OnnxBackwards>
  beforeAll(() => {
    worker = new Worker(new URL('./onnxGradients.worker.ts', import.meta.url), { type: 'module' })
    remote = connect<OnnxBackwards>(worker as unknown as Endpoint).remote
  })
  afterAll(() => worker.terminate())

  /** By folder of the kit; the worst of those that are not at a kink, and of those that are. */
  const table = new Map<
    string,
    { files: number; cases: number; worst: number; atKinks: number; worstAtKinks: number }
  >()
  afterAll(() =>
    commands.reportOnnx(
      [...table].map(([folder, { files, cases, worst, atKinks, worstAtKinks }]) => ({
        folder,
        files,
        cases,
        worst: worst.toExponential(1),
        atKinks,
        worstAtKinks: worstAtKinks.toExponential(1),
      })),
    ),
  )

  it.each(derived)('%s', async (file) => {
    const { gradients, url } = await commands.nextOnnxGradients(derived)
    expect(gradients.file).toBe(file)
    if (gradients.problem) expect(withoutGradients[file]).toBe(gradients.problem.slice(0, 12))
    const [rows, columns] = golden[file]!.input
    const errors = await remote.compare(await kitOnnxFiles(file), [rows, columns] as Pair, gradients, url)
    const folder = folderOf(file)
    const before = table.get(folder) ?? { files: 0, cases: 0, worst: 0, atKinks: 0, worstAtKinks: 0 }
    const isSteady = ({ unsteady }: GradientError): boolean => timesUnsteady * unsteady < tolerance
    const worstOf = (some: readonly GradientError[]): number => Math.max(0, ...some.map(({ error }) => error))
    const [steady, atKinks] = [errors.filter(isSteady), errors.filter((one) => !isSteady(one))]
    table.set(folder, {
      files: before.files + Math.min(1, errors.length),
      cases: before.cases + errors.length,
      worst: Math.max(before.worst, worstOf(steady)),
      atKinks: before.atKinks + atKinks.length,
      worstAtKinks: Math.max(before.worstAtKinks, worstOf(atKinks)),
    })
    if (!gradients.problem && !refusedOnnx[file]) expect(errors.length).toBeGreaterThan(0)
    for (const { error, unsteady } of errors)
      expect(error).toBeLessThan(Math.max(tolerance, timesUnsteady * unsteady))
  })
})
