/** Changed channels: numbers against a plain run of every layer, to the bit whatever the batches, and nothing left behind. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { elementCount, type Network, type SupportedLayer } from '../../../src/core/model/network.ts'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { outputBehind } from '../../../src/core/reasons/networkBehind.ts'
import type { BackendChoice } from '../../../src/core/backendNames.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { PixelReader } from '../../../src/engine/images/decodeImage.ts'
import { inputOfPixels } from '../../../src/engine/images/pictureInput.ts'
import { runKernel } from '../../../src/engine/model/kernels/index.ts'
import type { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { type AblationBatch, Ablations, type ChannelChange } from '../../../src/engine/reasons/ablations.ts'
import { withTokenLayers } from '../../../src/core/model/tokenLayers.ts'
import { chain, spec } from '../../fixtures/kerasModels.ts'
import { everyKernel } from '../everyKernel.ts'
import { withNoise } from '../noiseNetwork.ts'
import { pngFile } from '../pngFile.ts'
import { seededRandom } from '../../../src/core/seededRandom.ts'

const network = everyKernel()
const [height, width] = network.inputShape
const at = (name: string): number => network.layers.findIndex((layer) => layer.name === name)
const images = 5

const pixels = (seed: number) => {
  const random = seededRandom(seed)
  const data = new Uint8ClampedArray(width * height * 4).map((_, i) => (i % 4 === 3 ? 255 : random() * 256))
  return { width, height, data }
}

let files: Blob[]
beforeAll(async () => {
  files = await Promise.all(
    Array.from({ length: images }, (_, i) => {
      const { data } = pixels(i + 1)
      const row = (y: number): number[] =>
        [...data.subarray(y * width * 4, (y + 1) * width * 4)].filter((_byte, k) => k % 4 < 3)
      return pngFile(
        width,
        'colour',
        Array.from({ length: height }, (__, y) => row(y)),
      )
    }),
  )
})

/** Tokens of 9×7 patches, as a vision transformer has them, with layers beside them that show them. */
const tokens = ((): Network => {
  const made = chain(
    [height, width, 3],
    [
      spec('Conv2D', 'conv', { filters: 6, kernel_size: 3, strides: 3 }),
      spec('Reshape', 'tokens', { target_shape: [63, 6] }),
      spec('Dense', 'mixed', { units: 5, activation: 'relu' }),
      spec('LayerNormalization', 'normed'),
      spec('Flatten', 'flat'),
      spec('Dense', 'classes', { units: 3 }),
    ],
  )
  return { ...made, layers: withTokenLayers(made.layers, () => true).layers }
})()

/** Every layer on its own, with the changed map in the place of the layer's. */
function plainOutputs(
  model: TapNetwork,
  layer: number,
  output: number,
  change: ChannelChange | null,
  [first, end]: readonly [number, number] = [0, Infinity],
): Float32Array[] {
  const { network: whole } = model
  return Array.from({ length: images }, (_, i) => {
    const input = inputOfPixels(pixels(i + 1), network.inputShape, notebookPreprocessing)
    const values = tf.tidy(() => {
      const made: tf.Tensor[] = []
      for (const [j, one] of whole.layers.entries()) {
        const { op, inputs, shape } = one as SupportedLayer
        const from =
          inputs.length === 0 ? [tf.tensor(input, [1, ...network.inputShape])] : inputs.map((k) => made[k]!)
        made[j] = runKernel(op, from, model.weightsOf(j))
        if (j === layer && change) {
          const channels = shape.at(-1)!
          const changed = made[j]!.dataSync().slice()
          for (
            let c = first * channels + change.channel;
            c < Math.min(end * channels, elementCount(shape));
            c += channels
          )
            changed[c] = change.factor === 0 ? change.offset : changed[c]! * change.factor + change.offset
          made[j] = tf.tensor(changed, [1, ...shape])
        }
      }
      const last = made[output]!
      const means = last.rank === 2 ? last : tf.mean(last, [1, 2])
      return means.dataSync().slice()
    })
    return values as Float32Array
  })
}

const batchOf = (layer: number, more: Partial<AblationBatch> = {}): AblationBatch => ({
  layer,
  items: files.map((handle, image) => ({ image, handle })),
  preprocessing: notebookPreprocessing,
  set: 1,
  batch: 0,
  keep: 1e9,
  ...more,
})

const changes: readonly ChannelChange[] = [
  { channel: 2, factor: 0, offset: 0 },
  { channel: 0, factor: 0, offset: 0.7 },
  { channel: 1, factor: 2.5, offset: 0 },
  { channel: 1, factor: 1, offset: 0 },
]

describe.each<BackendChoice>(['wasm', 'tfjs-wasm', 'webgl'])('on %s', (backend) => {
  beforeAll(async () => {
    await startBackend(backend)
  })

  it.each(['image', 'strided', 'winograd_valid', 'activated', 'sum', 'max_pool', 'flat'])(
    'the network behind %s gives what the whole network would give',
    async (name) => {
      const model = withNoise(network)
      const ablations = new Ablations(model, new PixelReader())
      const layer = at(name)
      const output = outputBehind(network, layer)!
      const report = await ablations.run(batchOf(layer), changes)
      expect([...report.images]).toEqual([0, 1, 2, 3, 4])
      const length = report.outputs.length / (1 + changes.length)
      const wanted = [null, ...changes].map((change) => plainOutputs(model, layer, output, change))
      const most = Math.max(...wanted.flat().flatMap((values) => [...values].map(Math.abs)))
      expect(most).toBeGreaterThan(0)
      for (const [i, rows] of wanted.entries()) {
        const found = report.outputs.subarray(i * length, (i + 1) * length)
        const all = rows.flatMap((row) => [...row])
        const error = Math.max(...all.map((value, j) => Math.abs(value - found[j]!)))
        expect(error, `change ${i}`).toBeLessThan(5e-6 * most)
      }
      // A channel that stays as it is changes no bit, but others do.
      const part = (i: number): number[] => [...report.outputs.subarray(i * length, (i + 1) * length)]
      expect(part(4)).toEqual(part(0))
      for (const i of [1, 2, 3]) expect(part(i)).not.toEqual(part(0))
      await ablations.forget()
      model.dispose()
    },
  )

  it('gives the same bits however images are put together, kept or not, and sums channels', async () => {
    const model = withNoise(network)
    const layer = at('activated')
    const ablations = new Ablations(model, new PixelReader())
    const together = await ablations.run(batchOf(layer), changes)
    const again = await ablations.run(batchOf(layer), changes)
    expect(again).toEqual(together)
    const length = together.outputs.length / (1 + changes.length) / images
    for (const [i, handle] of files.entries()) {
      const one = await ablations.run(
        batchOf(layer, { items: [{ image: i, handle }], batch: 9 + i, keep: 0 }),
        changes,
      )
      for (let c = 0; c <= changes.length; c++)
        expect([...one.outputs.subarray(c * length, (c + 1) * length)]).toEqual([
          ...together.outputs.subarray((c * images + i) * length, (c * images + i + 1) * length),
        ])
      const channels = one.sums.length
      expect([...one.sums]).toEqual([...together.sums.subarray(i * channels, (i + 1) * channels)])
    }
    const { shape } = network.layers[layer] as SupportedLayer
    expect(together.units * together.sums.length).toBe(images * elementCount(shape))
    await ablations.forget()
    model.dispose()
  })

  it('changes tokens where they are computed, and only those that a layer shows', async () => {
    const layer = tokens.layers.findIndex(({ name }) => name === 'mixed')
    const shown = tokens.layers.findIndex(({ name }) => name === 'mixed (patches)')
    expect(shown).toBe(layer + 1)
    // One token stands beside the patches, as that of a class would.
    const single = { ...tokens.layers[shown]!, op: { kind: 'token', index: 4 }, shape: [5] }
    const behind = tokens.layers
      .slice(shown)
      .map((one) => ({ ...one, inputs: one.inputs.map((from) => (from >= shown ? from + 1 : from)) }))
    const withToken = { ...tokens, layers: [...tokens.layers.slice(0, shown), single, ...behind] } as Network
    for (const [whole, units] of [
      [tokens, [0, 63]],
      [withToken, [4, 5]],
    ] as const) {
      const model = withNoise(whole)
      const ablations = new Ablations(model, new PixelReader())
      const change = { channel: 2, factor: 0, offset: 0.5 }
      const { outputs, units: count } = await ablations.run(batchOf(shown), [change])
      expect(count).toBe(units[1] - units[0])
      const wanted = [null, change].flatMap((one) =>
        plainOutputs(model, layer, whole.layers.length - 1, one, units).flatMap((row) => [...row]),
      )
      const most = Math.max(...wanted.map(Math.abs))
      expect(outputs).toHaveLength(wanted.length)
      expect(Math.max(...wanted.map((value, i) => Math.abs(value - outputs[i]!)))).toBeLessThan(5e-6 * most)
      expect(outputs[0]).not.toBe(outputs[outputs.length / 2])
      await ablations.forget()
      model.dispose()
    }
  })

  it('leaves no tensors behind, and leaves out what is no picture', async () => {
    const before = tf.memory().numTensors
    const model = withNoise(network)
    const ablations = new Ablations(model, new PixelReader())
    const { skipped, images: seen } = await ablations.run(
      batchOf(at('sum'), {
        items: [
          { image: 3, handle: new Blob(['no picture']) },
          { image: 8, handle: files[0]! },
        ],
      }),
      changes,
    )
    expect([...seen]).toEqual([8])
    expect(skipped.map(({ image }) => image)).toEqual([3])
    const inUse = tf.memory().numTensors
    await ablations.run(batchOf(at('sum'), { batch: 2, keep: 0 }), changes)
    expect(tf.memory().numTensors).toBe(inUse)
    await expect(ablations.run(batchOf(at('flat_dense')), changes)).rejects.toThrow(RangeError)
    await ablations.forget()
    model.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})

it('nothing depends on the last layer', () => {
  expect(outputBehind(network as Network, at('flat_dense'))).toBe(null)
})
