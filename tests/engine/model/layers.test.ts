/** Compares every layer kind and option with numbers of real Keras (tests/make/make_layers.py). */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { readKerasConfig } from '../../../src/core/model/keras/kerasConfig.ts'
import { kerasNetwork } from '../../../src/core/model/keras/kerasNetwork.ts'
import { elementCount, type Network, type Shape } from '../../../src/core/model/network.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { chooseConvolutions } from '../../../src/engine/backend/kernels/convolution/choice.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import layersJson from '../../fixtures/layers.json?raw'

interface Case {
  readonly name: string
  readonly kerasMajor: number
  /** The shape without the axis of images, as the engine feeds it. */
  readonly input: readonly number[]
  readonly config: unknown
  readonly shape: readonly number[]
  /** The numbers as float32 in base64. */
  readonly output: string
}

/** Two correct float32 engines differ by about 1e-6 of the largest value. */
const tolerance = 1e-5

const cases = JSON.parse(layersJson) as readonly Case[]

/** Numbers in [-1, 1), by the formula of make_layers.py. */
function numbers(length: number, offset: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => (((i + offset) * 7919) % 2003) / 1001.5 - 1)
}

function weightsOf(network: Network): (layer: number) => Float32Array[] {
  let offset = 0
  const made = network.layers.map((layer) => {
    if (layer.op === null) throw new Error(layer.problem)
    return layer.weights.map(({ name, shape }: { name: string; shape: Shape }) => {
      const values = numbers(elementCount(shape), (offset += 1000))
      return name.includes('variance') ? values.map((value) => Math.abs(value) + 0.5) : values
    })
  })
  return (layer) => made[layer]!
}

function floats(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)).buffer)
}

describe.each([
  ['wasm', 'tfjs'],
  ['wasm', 'fast'],
  ['webgl', 'tfjs'],
] as const)('on %s with %s convolutions', (backend, convolutions) => {
  beforeAll(async () => {
    await startBackend(backend)
    chooseConvolutions(convolutions)
  })

  it.each(cases)('$name', async ({ kerasMajor, input, config, shape, output }) => {
    const { network } = kerasNetwork(readKerasConfig(config, kerasMajor), { kerasMajor, inputSize: null })
    const last = network.layers.length - 1
    const model = new TapNetwork(network, weightsOf(network))
    const [batch, ...rest] = shape as [number, ...number[]]
    expect(network.layers[last]).toMatchObject({ shape: rest })

    const image = tf.tensor(
      numbers(batch * elementCount(input), 17).map((value) => value * 3),
      [batch, ...input],
    )
    const before = tf.memory().numTensors
    let tapped: { shape: number[]; values: Float32Array } | undefined
    model.run(image, new Set([last]), (_, tensor) => {
      tapped = { shape: tensor.shape, values: tensor.dataSync<'float32'>() }
    })
    expect(tf.memory().numTensors).toBe(before)
    model.dispose()
    image.dispose()

    expect(tapped!.shape).toEqual(shape)
    const expected = floats(output)
    const { values } = tapped!
    const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-30)
    const difference = expected.reduce((max, value, i) => Math.max(max, Math.abs(value - values[i]!)), 0)
    expect(difference / largest).toBeLessThan(tolerance)
  })
})
