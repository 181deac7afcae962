/**
 * The way back through a graph of most of TensorFlow's operations gives its gradients in double precision (make_graphs.py), and that
 * through most operators of ONNX gives PyTorch's (make_onnx_gradients.py).
 */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import { readModel } from '../../../src/core/model/onnx/modelProto.ts'
import { readOnnxInput } from '../../../src/core/model/onnx/onnxInput.ts'
import { onnxNetwork } from '../../../src/core/model/onnx/onnxNetwork.ts'
import { viewOf } from '../../../src/core/model/onnx/views.ts'
import { graphNetwork } from '../../../src/core/model/tensorflow/graphNetwork.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { chooseConvolutions } from '../../../src/engine/backend/kernels/convolution/choice.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { bytesSource } from '../../fixtures/bytesSource.ts'
import graphGradients from '../../fixtures/graph/gradients.json'
import graphJson from '../../fixtures/graph/model.json'
import graphBinUrl from '../../fixtures/graph/weights.bin?url'
import newest from '../../fixtures/onnx/newest.json'
import onnxGradients from '../../fixtures/onnx/gradients.json'
import { gradientErrors, gradientTolerance, seedOf } from '../gradientComparison.ts'
import { artifactsOf, goldenInput, type ModelJson, storedConstants } from '../graphComparison.ts'
import { floats } from '../kerasCases.ts'
import { places } from '../onnxTensors.ts'

describe.each([
  ['wasm', 'fast'],
  ['webgl', 'tfjs'],
] as const)('on %s', (backend, convolutions) => {
  beforeAll(async () => {
    await startBackend(backend)
    chooseConvolutions(convolutions)
  })

  it('a graph of TensorFlow', async () => {
    const json = graphJson as unknown as ModelJson
    const artifacts = artifactsOf(json, await (await fetch(graphBinUrl)).arrayBuffer())
    const constants = await storedConstants(artifacts)
    const graph = graphNetwork(json.modelTopology, constants, { name: 'graph', inputSize: null })
    const { network, nodes } = graph
    const model = new TapNetwork(network, (layer) => graph.constants[layer]!.map((one) => one.floats()!))
    const image = goldenInput(network.inputShape)
    const derived = Object.entries(graphGradients).map(([end, by]) => ({
      layer: nodes.indexOf(end),
      gradients: new Map(Object.entries(by).map(([name, values]) => [nodes.indexOf(name), floats(values)])),
    }))
    for (const [i, errors] of gradientErrors(model, image, derived).entries())
      for (const [layer, error] of errors)
        expect(error, `${nodes[derived[i]!.layer]} by ${nodes[layer]}`).toBeLessThan(gradientTolerance)
    tf.dispose(image)
    model.dispose()
  })

  it.each(['operators', 'newest', 'newest28', 'windows'] as const)('%s.onnx', async (name) => {
    const text = atob(await commands.readFile(`tests/fixtures/onnx/${name}.onnx`, 'base64'))
    const file = readModel(bytesSource(Uint8Array.from(text, (c) => c.charCodeAt(0))), {
      needs: () => undefined,
      open: (location) => {
        throw new Error(`${location} is not there`)
      },
    })
    const gradients: Readonly<Record<string, string>> = onnxGradients[name]
    const graph = { ...file.graph, outputs: Object.keys(gradients) }
    const { network, constants, outputs } = onnxNetwork({ ...file, graph }, { inputSize: null })
    const model = new TapNetwork(network, (layer) => constants[layer]!.map((one) => one.floats()!))
    const { shape, axes, batch } = readOnnxInput(graph, null)
    /** From the file's order to that of memory. */
    const stored = (values: ArrayLike<number>, inMemory: Float32Array): Float32Array => {
      const memory = new Float32Array(values.length)
      for (const [i, place] of inMemory.entries()) memory[place] = values[i]!
      return memory
    }
    const imagePlaces = places(viewOf(shape, batch, axes))
    const image =
      name === 'operators'
        ? goldenInput(shape)
        : tf.tensor(stored(newest[name].input, imagePlaces), [batch, ...shape])
    const derived = Object.entries(gradients).map(([end, values]) => {
      const { layer, view } = outputs.get(end)!
      const inMemory = places(view)
      const seed = stored(seedOf(inMemory.length), inMemory)
      return { layer, seed, gradients: new Map([[network.input, stored(floats(values), imagePlaces)]]) }
    })
    for (const [i, errors] of gradientErrors(model, image, derived).entries())
      expect(errors.get(network.input), Object.keys(gradients)[i]).toBeLessThan(gradientTolerance)
    image.dispose()
    model.dispose()
  })
})
