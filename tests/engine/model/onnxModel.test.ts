/** ONNX files as the engine opens them: every layer of the fixture is what onnxruntime computes, however the file comes. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import { brokenOnnx } from '../../fixtures/brokenOnnx.ts'
import { onnxBytes, type Model, node, weights } from '../../fixtures/onnxWriter.ts'
import type { ModelFile } from '../../../src/engine/model/formats/modelFiles.ts'
import { connect, type Remote } from '../../../src/rpc/remote.ts'
import golden from '../../fixtures/onnx/golden.json'
import { kitFile, kitText } from '../kitFiles.ts'
import type { OnnxOutputs, TensorOutput } from '../onnxOutputs.worker.ts'

let worker: Worker
let remote: Remote<OnnxOutputs>
beforeEach(() => {
  worker = new Worker(new URL('../onnxOutputs.worker.ts', import.meta.url), { type: 'module' })
  remote = connect<OnnxOutputs>(worker as never).remote
})
afterEach(() => worker.terminate())

const size = [14, 11] as const

const hasWebgpu = Boolean(await navigator.gpu?.requestAdapter())

async function fixture(path: string): Promise<ModelFile> {
  const text = atob(await commands.readFile(`tests/fixtures/onnx/${path}`, 'base64'))
  return { path, file: new File([Uint8Array.from(text, (c) => c.charCodeAt(0))], path.split('/').at(-1)!) }
}

function compare(outputs: readonly TensorOutput[]): void {
  let compared = 0
  for (const { tensor, values, channels } of outputs) {
    const want = (golden.layers as Record<string, { max: number[]; argmax: number[]; mean: number[] }>)[
      tensor
    ]
    if (want?.max.length !== channels) continue
    compared++
    const scale = Math.max(...want.max.map(Math.abs), ...want.mean.map(Math.abs)) || 1
    for (const [c, max] of want.max.entries()) {
      let [best, sum] = [Number.NEGATIVE_INFINITY, 0]
      for (let i = c; i < values.length; i += channels) {
        best = Math.max(best, values[i]!)
        sum += values[i]!
      }
      const found = [best, values[want.argmax[c]! * channels + c]!, (sum * channels) / values.length]
      for (const [i, wanted] of [max, max, want.mean[c]!].entries())
        expect(Math.abs(found[i]! - wanted) / scale, `${tensor}, channel ${c}`).toBeLessThan(1e-5)
    }
  }
  expect(compared).toBeGreaterThan(75)
}

describe('most operators', () => {
  it('in one file', async () => {
    compare(await remote.run([await fixture('operators.onnx')], size))
  })

  it('on WebGL', async () => {
    compare(await remote.run([await fixture('operators.onnx')], size, 'webgl'))
  })

  it.skipIf(!hasWebgpu)('on WebGPU', async () => {
    compare(await remote.run([await fixture('operators.onnx')], size, 'webgpu'))
  })

  it('with the arrays in a file beside it', async () => {
    const names = ['split/model.onnx', 'split/model.onnx.data']
    compare(await remote.run(await Promise.all(names.map(fixture)), size))
  })

  it('whatever the file is called', async () => {
    const { file } = await fixture('operators.onnx')
    compare(await remote.run([{ path: 'download', file: new File([file], 'download') }], size))
  })
})

function made(model: Model, name = 'net.onnx'): ModelFile {
  return { path: name, file: new File([onnxBytes(model) as Uint8Array<ArrayBuffer>], name) }
}

describe('is refused in a sentence', () => {
  const conv = node('Conv', ['image', 'w'], 'y', {}, { name: 'conv' })

  it('a file that is cut off', async () => {
    const { file } = await fixture('operators.onnx')
    const half = { path: 'net.onnx', file: new File([file.slice(0, 9000)], 'net.onnx') }
    await expect(remote.run([half], size)).rejects.toThrow(
      /^net\.onnx is cut off: it should hold 30,9\d\d bytes and has 9,000\./,
    )
  })

  it('weights that are not there', async () => {
    await expect(remote.run([made({ nodes: [conv] })], size)).rejects.toThrow(
      'net.onnx is damaged and cannot be read (its node "conv" (Conv) reads "w", which is not in the file).',
    )
  })

  it('a file with weights that was not dropped', async () => {
    await expect(remote.run([await fixture('split/model.onnx')], size)).rejects.toThrow(
      'model.onnx cannot be opened: its weights lie in model.onnx.data, which is not among the dropped files.',
    )
  })

  it('weights that are no numbers', async () => {
    const w = weights(4, 3, 3, 3)
    const broken = { ...w, values: w.values.with(5, Number.NaN) }
    await expect(remote.run([made({ nodes: [conv], constants: { w: broken } })], size)).rejects.toThrow(
      'net.onnx: the kernel of layer "conv" holds NaN or infinite numbers.',
    )
  })

  it('a model without an image', async () => {
    const model = { nodes: [node('Relu', ['image'], 'y')], inputs: { image: [1, 10] } }
    await expect(remote.run([made(model)], size)).rejects.toThrow(
      'net.onnx cannot be opened: none or several of its inputs are images (image [1, 10]).',
    )
  })
})

const hasKit = (await kitText('onnx/broken/manifest.tsv')) !== null

describe.skipIf(!hasKit)('the kit’s broken files', () => {
  it.each(brokenOnnx)('%s', async (file, sentence) => {
    await expect(remote.run([await kitFile(`onnx/broken/${file}`)], size)).rejects.toThrow(sentence)
  })
})
