/** A channel times 0 is a channel without weights: Keras and onnxruntime give the same answers for every image. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import keras from '../../fixtures/ablation/keras.json'
import onnx from '../../fixtures/ablation/onnx.json'
import { type LimitedEngine, spawnLimited, variants } from '../limitedEngine.ts'
import { pngFile } from '../pngFile.ts'

const [rows, columns] = [32, 28]

/** Picture i of `pair_images` in `make_ablation.py`. */
function picture(i: number): Promise<Blob> {
  const value = (h: number, w: number, c: number): number =>
    (i * 29 + h * 37 + w * 61 + c * 97 + 11 * ((h * w + i * i) % 53)) % 256
  return pngFile(
    columns,
    'colour',
    Array.from({ length: rows }, (_, h) =>
      Array.from({ length: columns * 3 }, (__, at) => value(h, Math.floor(at / 3), at % 3)),
    ),
  )
}

interface Case {
  readonly layer: string | null
  readonly channel: number
  readonly outputs: readonly (readonly number[])[]
}

const answerOf = (row: ArrayLike<number>): number => Array.from(row).indexOf(Math.max(...Array.from(row)))

let engine: LimitedEngine | undefined
beforeAll(async () => {
  engine = spawnLimited(variants[0]![1].simd)
  await engine.remote.start('wasm')
})
afterAll(() => engine?.terminate())

describe.each<[string, string, readonly Case[]]>([
  ['Keras', 'keras.h5', keras],
  ['onnxruntime', 'script.onnx', onnx],
])('%s', (_, name, [undisturbed, ...cases]) => {
  it.each(cases.map((one) => [one.layer!, one] as const))(
    'agrees for %s, image by image',
    async (layer, one) => {
      const bytes = Uint8Array.from(
        atob(await commands.readFile(`tests/fixtures/pair/${name}`, 'base64')),
        (c) => c.charCodeAt(0),
      )
      const { remote } = engine!
      const { network } = await remote.openModel([{ path: name, file: new File([bytes], name) }], {
        inputSize: null,
      })
      const files = await Promise.all(one.outputs.map((__, i) => picture(i)))
      const { outputs, images } = await remote.ablate(
        {
          layer: network.layers.findIndex((any) => any.name === layer),
          items: files.map((handle, image) => ({ image, handle })),
          preprocessing: notebookPreprocessing,
          set: 1,
          batch: 0,
          keep: 0,
        },
        [{ channel: one.channel, factor: 0, offset: 0 }],
      )
      expect(images).toHaveLength(files.length)
      const length = undisturbed!.outputs[0]!.length
      let others = 0
      for (const [at, wanted] of [undisturbed!, one].entries())
        for (const [i, row] of wanted.outputs.entries()) {
          const found = outputs.subarray(
            (at * files.length + i) * length,
            (at * files.length + i + 1) * length,
          )
          for (const [c, value] of row.entries()) expect(Math.abs(found[c]! - value)).toBeLessThan(1e-5)
          expect(answerOf(found)).toBe(answerOf(row))
          if (at === 1 && row.some((value, c) => Math.abs(value - undisturbed!.outputs[i]![c]!) > 1e-3))
            others++
        }
      // Without a change of the outputs the test would say nothing.
      expect(others).toBeGreaterThan(0)
    },
  )
})
