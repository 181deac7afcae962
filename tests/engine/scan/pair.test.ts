/**
 * One network as Keras saves it and as both exporters of PyTorch write it (make_pair.py): a scan of each finds the same
 * patches in every layer that both have, though their filters, axes, paddings and normalizations are said differently.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import { channelCount, type Network, type SupportedLayer } from '../../../src/core/model/network.ts'
import { UnitBoxes } from '../../../src/core/model/receptiveField.ts'
import { whyNotScannable } from '../../../src/core/model/scannable.ts'
import { mapSize, unitAt } from '../../../src/core/model/units.ts'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { LayerResult } from '../../../src/core/scan/layerResult.ts'
import { spawnEngine } from '../../../src/state/workers/workers.ts'
import { noise } from '../noiseNetwork.ts'
import { pngFile } from '../pngFile.ts'

/** Layers with another name in PyTorch, which folds normalizations and has no activations within layers. */
const inPyTorch: Readonly<Record<string, string>> = {
  stem_norm: 'stem',
  depthwise_norm: 'depthwise',
  reduce: 'reduce_relu',
  expand: 'expand_sigmoid',
  excite: 'mul',
  residual: 'add',
}
/** What PyTorch has folded away. */
const inKerasOnly = ['stem', 'depthwise']

const files: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
  ['script.onnx', { join: 'cat_1' }, ['pad']],
  ['dynamo.onnx', { join: 'cat' }, []],
]
/** What Keras computes within a layer. */
const inOnnxOnly = ['reduce', 'expand']

const [k, images] = [8, 24]
const [rows, columns, channels] = [32, 28, 3]

/** Pictures of noise, from dark ones to bright ones; each fourth has another size. */
function picture(image: number): Promise<Blob> {
  const [height, width] = image % 4 === 0 ? [40, 50] : [rows, columns]
  const values = noise(height * width * channels, image + 1)
  const row = (y: number): number[] =>
    Array.from(values.subarray(y * width * channels, (y + 1) * width * channels), (value) =>
      Math.floor((value + 0.5) * 255 * (0.3 + (0.7 * image) / images)),
    )
  return pngFile(
    width,
    'colour',
    Array.from({ length: height }, (_, y) => row(y)),
  )
}

interface Patch {
  readonly image: number
  readonly unit: readonly [row: number, column: number]
  readonly box: readonly number[]
  readonly activation: number
}

/** The best patches of each channel by layer, of all layers that can be scanned. */
type Found = ReadonlyMap<string, readonly (readonly Patch[])[]>

async function scanned(name: string): Promise<Found> {
  const text = atob(await commands.readFile(`tests/fixtures/pair/${name}`, 'base64'))
  const file = new File([Uint8Array.from(text, (c) => c.charCodeAt(0))], name)
  const { remote, terminate } = spawnEngine()
  try {
    await remote.start('wasm')
    const { network } = await remote.openModel([{ path: name, file }], { inputSize: null })
    const layers = [...network.layers.keys()].filter((i) => whyNotScannable(network.layers[i]!) === null)
    const items = await Promise.all(
      Array.from({ length: images }, async (_, image) => ({ image, handle: await picture(image) })),
    )
    await remote.beginScan({ layers, preprocessing: notebookPreprocessing, maxPassSize: 8 })
    const report = await remote.scanBatch(items)
    return new Map(
      layers.map((layer, i) => {
        const { shape } = network.layers[layer] as SupportedLayer
        const [height, width] = mapSize(shape)
        const result = new LayerResult(channelCount(shape), height * width, k)
        result.absorb(report.summaries[i]!, report.images)
        return [network.layers[layer]!.name, patchesOf(network, layer, result)]
      }),
    )
  } finally {
    terminate()
  }
}

function patchesOf(network: Network, layer: number, { topK }: LayerResult): readonly Patch[][] {
  const { shape } = network.layers[layer] as SupportedLayer
  const boxes = new UnitBoxes(network, layer)
  return Array.from({ length: topK.channels }, (_, channel) =>
    topK.entries(channel).map(({ image, position, activation }) => {
      const unit = unitAt(shape, position)
      return { image, unit, box: boxes.box(...unit), activation }
    }),
  )
}

describe('a scan of a network of PyTorch finds the patches that its twin in Keras finds', () => {
  let keras: Found
  beforeAll(async () => {
    keras = await scanned('keras.h5')
  })

  it.each(files)('%s', async (name, own, more) => {
    const onnx = await scanned(name)
    const twin = (layer: string): string => ({ ...inPyTorch, ...own })[layer] ?? layer
    const paired = [...keras.keys()].filter((layer) => !inKerasOnly.includes(layer))
    expect(new Set([...paired.map(twin), ...inOnnxOnly, ...more])).toEqual(new Set(onnx.keys()))
    let patches = 0
    for (const layer of paired) {
      const [wanted, found] = [keras.get(layer)!, onnx.get(twin(layer))!]
      const places = (all: typeof wanted): unknown =>
        all.map((channel) => channel.map(({ image, unit, box }) => ({ image, unit, box })))
      expect(places(found), layer).toEqual(places(wanted))
      const activations = (all: typeof wanted): number[] => all.flat().map(({ activation }) => activation)
      const [ours, theirs] = [activations(found), activations(wanted)]
      const largest = Math.max(...theirs.map(Math.abs))
      const differs = ours.findIndex((value, i) => !(Math.abs(value - theirs[i]!) <= 1e-5 * largest))
      expect(differs, `${layer}: ${ours[differs]} and ${theirs[differs]}`).toBe(-1)
      patches += ours.length
    }
    expect(paired).toHaveLength(20)
    expect(patches).toBeGreaterThan(1500)
  })
})
