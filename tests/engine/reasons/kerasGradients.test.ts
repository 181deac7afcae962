/** The way back through every layer kind and option of Keras gives TensorFlow's gradients in double precision (make_layers.py). */
import { beforeAll, describe, expect, it } from 'vitest'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { chooseConvolutions } from '../../../src/engine/backend/kernels/convolution/choice.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import gradientsJson from '../../fixtures/layer-gradients.json?raw'
import { gradientErrors, gradientTolerance } from '../gradientComparison.ts'
import { floats, imagesOf, kerasCases, networkOf, weightsOf } from '../kerasCases.ts'

/** By case: with respect to `image`, and to a layer between. */
const gradients = JSON.parse(gradientsJson) as Readonly<Record<string, Readonly<Record<string, string>>>>

describe.each([
  ['wasm', 'fast'],
  ['webgl', 'tfjs'],
] as const)('on %s', (backend, convolutions) => {
  beforeAll(async () => {
    await startBackend(backend)
    chooseConvolutions(convolutions)
  })

  it.each(kerasCases)('$name', (one) => {
    const network = networkOf(one)
    const model = new TapNetwork(network, weightsOf(network))
    const image = imagesOf(one)
    const wanted = new Map(
      Object.entries(gradients[one.name]!).map(([name, values]) => [
        name === 'image' ? network.input : network.layers.findIndex((layer) => layer.name === name),
        floats(values),
      ]),
    )
    const errors = gradientErrors(model, image, { layer: network.layers.length - 1 }, wanted)
    for (const [layer, error] of errors)
      expect(error, network.layers[layer]!.name).toBeLessThan(gradientTolerance)
    model.dispose()
    image.dispose()
  })
})
