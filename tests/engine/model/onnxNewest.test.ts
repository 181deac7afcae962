/**
 * Operators that came with the newest versions of ONNX, and windows of attention (`make_onnx_newest.py`), give what ONNX's own
 * reference says, in the order of axes of the file.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import { readModel } from '../../../src/core/model/onnx/modelProto.ts'
import { onnxNetwork } from '../../../src/core/model/onnx/onnxNetwork.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { bytesSource } from '../../fixtures/bytesSource.ts'
import truth from '../../fixtures/onnx/newest.json'
import { type FileTensor, fileOutputs } from '../onnxTensors.ts'

type File = keyof typeof truth
type Outputs = Readonly<
  Record<string, { readonly dims: readonly number[]; readonly values: readonly number[] }>
>

async function outputsOf(name: File): Promise<ReadonlyMap<string, FileTensor>> {
  const text = atob(await commands.readFile(`tests/fixtures/onnx/${name}.onnx`, 'base64'))
  const model = readModel(bytesSource(Uint8Array.from(text, (c) => c.charCodeAt(0))), {
    needs: () => undefined,
    open: (location) => {
      throw new Error(`${location} is not there`)
    },
  })
  const network = onnxNetwork(model, { inputSize: null })
  expect(network.network.layers.flatMap((layer) => (layer.op === null ? [layer.problem] : []))).toEqual([])
  return fileOutputs(model, network, truth[name].input)
}

describe.each(['wasm', 'webgl'] as const)('on %s', (backend) => {
  beforeAll(() => startBackend(backend))

  it.each(['newest', 'newest28', 'windows'] as const)('%s.onnx', async (name) => {
    const found = await outputsOf(name)
    const wanted: Outputs = truth[name].outputs
    expect([...found.keys()]).toEqual(Object.keys(wanted))
    for (const [output, { dims, values }] of Object.entries(wanted)) {
      expect(found.get(output)!.dims, output).toEqual(dims)
      const scale = Math.max(...values.map(Math.abs))
      const errors = values.map((value, i) => Math.abs(found.get(output)!.values[i]! - value) / scale)
      expect(
        errors.filter((error) => !(error < 5e-6)),
        output,
      ).toEqual([])
    }
  })
})
