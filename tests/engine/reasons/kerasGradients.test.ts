/** The way back through every layer kind and option of Keras gives TensorFlow's gradients in double precision (make_layers.py). The table is left in `node_modules/.cache/gradient-table.md`. */
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { chooseConvolutions } from '../../../src/engine/backend/kernels/convolution/choice.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { ReversePass } from '../../../src/engine/reasons/reversePass.ts'
import gradientsJson from '../../fixtures/layer-gradients.json?raw'
import { gradientErrors, gradientTolerance, seedOf } from '../gradientComparison.ts'
import { floats, imagesOf, kerasCases, networkOf, weightsOf } from '../kerasCases.ts'

/** By case: with respect to `image`, and to a layer between. */
const gradients = JSON.parse(gradientsJson) as Readonly<Record<string, Readonly<Record<string, string>>>>

/** Other words for layers that come otherwise too: on graphics cards, which take longer, once is enough. */
const otherWords = /when predicting|^Keras|^tf |^ops\.|float|channels_first/

/** By the kind of the last layer: how many networks, and the largest error on each backend. */
const table = new Map<string, { cases: number; worst: Record<string, number> }>()

afterAll(async () => {
  const rows = [...table].toSorted().map(([name, { cases, worst }]) => {
    const cells = [name, cases, ...['wasm', 'webgl'].map((one) => worst[one]?.toExponential(1) ?? '–')]
    return `| ${cells.join(' | ')} |`
  })
  const head = ['| last layer | networks | worst on WASM | on WebGL |', '| --- | --- | --- | --- |']
  await commands.writeFile('node_modules/.cache/gradient-table.md', `${[...head, ...rows].join('\n')}\n`)
})

function tell(backend: string, kind: string, error: number): void {
  const row = table.get(kind) ?? { cases: 0, worst: {} }
  row.worst[backend] = Math.max(row.worst[backend] ?? 0, error)
  table.set(kind, { ...row, cases: row.cases + (backend === 'wasm' ? 1 : 0) })
}

describe.each([
  ['wasm', 'fast', kerasCases],
  ['webgl', 'tfjs', kerasCases.filter(({ name }) => !otherWords.test(name))],
] as const)('on %s', (backend, convolutions, cases) => {
  beforeAll(async () => {
    await startBackend(backend)
    chooseConvolutions(convolutions)
  })

  it.each(cases)('$name', (one) => {
    const network = networkOf(one)
    const model = new TapNetwork(network, weightsOf(network))
    const image = imagesOf(one)
    const expected = new Map(
      Object.entries(gradients[one.name]!).map(([name, values]) => [
        name === 'image' ? network.input : network.layers.findIndex((layer) => layer.name === name),
        floats(values),
      ]),
    )
    const last = network.layers.length - 1
    const [errors] = gradientErrors(model, image, [{ layer: last, gradients: expected }])
    model.dispose()
    image.dispose()
    tell(backend, network.layers[last]!.op!.kind, Math.max(...errors!.values()))
    for (const [layer, error] of errors!)
      expect(error, network.layers[layer]!.name).toBeLessThan(gradientTolerance)
  })
})

describe('the same to the bit, whatever else is in the pass', () => {
  beforeAll(async () => {
    await startBackend('wasm')
    chooseConvolutions('fast')
  })

  it.each(kerasCases)('$name', (one) => {
    const network = networkOf(one)
    const model = new TapNetwork(network, weightsOf(network))
    const images = imagesOf(one)
    const last = network.layers.length - 1
    const gradientOf = (image: tf.Tensor): Float32Array => {
      const pass = new ReversePass(model, image, last)
      const output = pass.output(last)
      const seed = tf.tensor(seedOf(one.shape.reduce((a, b) => a * b)).subarray(0, output.size), output.shape)
      const gradient = pass.back(last, seed, [network.input]).get(network.input)!
      const values = gradient.dataSync<'float32'>().slice()
      pass.dispose()
      tf.dispose([seed, gradient])
      return values
    }
    const first = tf.slice(images, 0, 1)
    const alone = gradientOf(first)
    expect(gradientOf(images).subarray(0, alone.length)).toEqual(alone)
    tf.dispose([images, first])
    model.dispose()
  })
})
