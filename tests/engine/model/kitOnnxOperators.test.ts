/**
 * ONNX's own operator tests, as far as they fit a network of images (the kit's `onnx/operators`): each is computed as its
 * authors say, in their order of axes and for every image of its batch, or refused for the reason in `refusedOperators`.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { readModel } from '../../../src/core/model/onnx/modelProto.ts'
import { onnxNetwork } from '../../../src/core/model/onnx/onnxNetwork.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { bytesSource } from '../../fixtures/bytesSource.ts'
import { disputedOperators, refusedOperators } from '../../fixtures/refusedOnnx.ts'
import { kitFile, kitText } from '../kitFiles.ts'
import { fileOutputs } from '../onnxTensors.ts'

interface Case {
  readonly inputDims: readonly number[]
  readonly input: readonly number[]
  readonly outputs: Readonly<
    Record<string, { readonly dims: readonly number[]; readonly values: readonly number[] }>
  >
}

const text = await kitText('onnx/operators/truth.json')
if (text === null) console.log('The kit is not beside the project: ONNX’s operator tests are not run.')
const cases = Object.entries(JSON.parse(text ?? '{}') as Readonly<Record<string, Case>>)

/** Outputs that only training reads: statistics, and the places of maxima. */
const besides = /^(Mean|InvStdDev|z)$/

const tolerance = 1e-5

describe.skipIf(text === null)('ONNX’s operator tests', () => {
  beforeAll(() => startBackend('wasm'))

  it.each(cases)('%s', async (name, { input, outputs: wanted }) => {
    const { file } = await kitFile(`onnx/operators/${name}.onnx`)
    const model = readModel(bytesSource(new Uint8Array(await file.arrayBuffer())), {
      needs: () => undefined,
      open: (location) => {
        throw new Error(`${location} is not there`)
      },
    })
    const network = onnxNetwork(model, { inputSize: null })
    const problems = network.network.layers.flatMap((layer) => (layer.op === null ? [layer.problem] : []))
    const refused = refusedOperators[name]
    if (refused) {
      expect(problems).toEqual([expect.stringMatching(refused)])
      return
    }
    expect(problems).toEqual([])
    const found = fileOutputs(model, network, input)
    const names = Object.keys(wanted).filter((output) => !besides.test(output))
    expect(names.length).toBeGreaterThan(0)
    for (const output of names) {
      const { dims, values: written } = wanted[output]!
      const values = disputedOperators[name] ?? written
      expect(found.get(output)!.dims, output).toEqual(dims)
      const scale = Math.max(...values.map(Math.abs)) || 1
      const differences = values.map((value, i) => Math.abs(found.get(output)!.values[i]! - value) / scale)
      expect(differences.length).toBe(found.get(output)!.values.length)
      expect(differences.filter((difference) => !(difference < tolerance))).toEqual([])
    }
  })

  it('are no others than those that are listed by name', () => {
    const names = cases.map(([name]) => name)
    const listed = [...Object.keys(refusedOperators), ...Object.keys(disputedOperators)]
    expect(listed.filter((name) => !names.includes(name))).toEqual([])
  })
})
