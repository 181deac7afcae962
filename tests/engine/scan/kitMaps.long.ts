/** Heat-maps of the kit's models are the maps of Keras and of onnxruntime: maxima, their places, and means of channels. */
import { describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import type { MapShape, SupportedLayer } from '../../../src/core/model/network.ts'
import { mapSize } from '../../../src/core/model/units.ts'
import { whyNotScannable } from '../../../src/core/model/scannable.ts'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import type { Pixels } from '../../../src/core/preprocessing/toInput.ts'
import type { ModelFile } from '../../../src/engine/model/formats/modelFiles.ts'
import { spawnEngine } from '../../../src/state/workers/workers.ts'
import { kitModel, kitOnnxFiles, kitText } from '../kitFiles.ts'

interface GoldenLayer {
  readonly max?: readonly number[]
  readonly argmax_flat?: readonly number[]
  /** Of channels; only ONNX files have them. */
  readonly means?: readonly number[]
  /** The order of axes in an ONNX file. */
  readonly layout?: string | null
}
type Golden = Readonly<Record<string, { readonly layers: Readonly<Record<string, GoldenLayer>> }>>

const hasKit = (await kitText('README.md')) !== null
if (!hasKit) console.log('The kit is not beside the project: heat-maps of its models are not compared.')

const keras = hasKit ? (JSON.parse((await kitText('truth/activations_golden.json'))!) as Golden) : {}
const onnx = hasKit ? (JSON.parse(await unzipped('onnx/truth/activations_golden.json.gz')) as Golden) : {}

async function unzipped(path: string): Promise<string> {
  const bytes = Uint8Array.from(atob(await commands.readFile(`../shared/kit/${path}`, 'base64')), (c) =>
    c.charCodeAt(0),
  )
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text()
}

/** Listens to sounds, whose shape is no image's. */
const noImageModel = 'keras2-h5/mlcommons-str_ww_ref_model.h5'
/** Each with its file, or the JSON in its folder. */
const kerasModels = Object.keys(keras)
  .filter((path) => path !== noImageModel)
  .map((path) => [path, /\.\w+$/.test(path.split('/').at(-1)!) ? path : `${path}/model.json`] as const)
const onnxModels = Object.keys(onnx).filter((path) =>
  /^(torchvision|timm)\/.*-ts17\.onnx$|^keras\//.test(path),
)

const tolerance = 1e-4
/** Channels of each layer. */
const channelsOfLayer = 3

/** The input of all golden numbers (`goldenInput`) as a decoded picture; a grey one if the network takes one channel. */
function goldenPixels([height, width, channels]: MapShape): Pixels {
  const data = new Uint8ClampedArray(height * width * 4).fill(255)
  for (let h = 0; h < height; h++)
    for (let w = 0; w < width; w++)
      for (let c = 0; c < 3; c++)
        data[(h * width + w) * 4 + c] =
          (37 * h + 61 * w + (channels === 1 ? 0 : 97 * c) + 11 * ((h * w) % 53)) % 256
  return { width, height, data, isStoredGrey: channels === 1 }
}

/** Compares channels of all layers that are maps, and returns how many. */
async function compare(
  files: readonly ModelFile[],
  golden: Golden[string],
  nameOf: (layer: SupportedLayer) => string,
): Promise<number> {
  const { remote, terminate } = spawnEngine()
  try {
    await remote.start('wasm')
    const { network } = await remote.openModel(files, { inputSize: null })
    const picture = goldenPixels(network.inputShape)
    const maps = network.layers.flatMap((layer, i) => {
      if (whyNotScannable(layer) !== null || layer.op === null) return []
      const [rows, columns] = mapSize(layer.shape)
      const known = golden.layers[nameOf(layer)]
      // Heads and windows of attention have axes of their own in the file.
      const isMap = known?.layout === undefined || /^N(CHW|HWC)$/.test(String(known.layout))
      const isKnown = isMap && known?.max?.length === layer.shape.at(-1) && rows * columns > 1
      return isKnown
        ? [{ i, name: layer.name, size: [rows, columns], known: known as Required<GoldenLayer> }]
        : []
    })
    const layers = maps.map(({ i }) => i)
    const look = { picture, preprocessing: notebookPreprocessing, layers, together: layers }
    await remote.lookAt(1, look)
    let count = 0
    for (const { i, name, size, known } of maps) {
      const { max, argmax_flat: places, means } = known
      const scale = Math.max(...max.map(Math.abs)) || 1
      for (let c = 0; c < max.length; c += Math.ceil(max.length / channelsOfLayer)) {
        const map = (await remote.lookedMap(1, i, c))!
        expect([map.rows, map.columns]).toEqual(size)
        const near = (value: number, wanted: number, what: string): void =>
          expect(Math.abs(value - wanted) / scale, `${name}, channel ${c}: ${what}`).toBeLessThan(tolerance)
        near(Math.max(...map.values), max[c]!, 'maximum')
        near(map.values[places[c]!]!, max[c]!, 'value at its place')
        if (means)
          near(map.values.reduce((sum, value) => sum + value, 0) / map.values.length, means[c]!, 'mean')
        count++
        // A single map takes a pass of its own, and is the same to the bit.
        if (count % 50 === 1) expect(await remote.imageMap(look, i, c)).toEqual(map)
      }
    }
    return count
  } finally {
    terminate()
  }
}

describe.skipIf(!hasKit)('of Keras', () => {
  it.each(kerasModels)('%s', { timeout: 120_000 }, async (model, path) => {
    const count = await compare(await kitModel(path), keras[model]!, ({ name }) => name)
    expect(count).toBeGreaterThan(4)
  })
})

describe.skipIf(!hasKit)('of ONNX', () => {
  it.each(onnxModels)('%s', { timeout: 120_000 }, async (model) => {
    const tensorOf = ({ name, note }: SupportedLayer): string =>
      /In the file it is "([^]*)"\.$/.exec(note ?? '')?.[1] ?? name
    const count = await compare(await kitOnnxFiles(model), onnx[model]!, tensorOf)
    expect(count).toBeGreaterThan(2)
  })
})

it.skipIf(!hasKit)('tokens of patches are a map, as in the layer of their own', async () => {
  const { remote, terminate } = spawnEngine()
  try {
    await remote.start('wasm')
    const files = await kitOnnxFiles('timm/test_vit-ts17.onnx')
    const { network } = await remote.openModel(files, { inputSize: null })
    const picture = goldenPixels(network.inputShape)
    let compared = 0
    for (const [i, layer] of network.layers.entries()) {
      const patches = network.layers.findIndex(({ name }) => name === `${layer.name} (patches)`)
      if (layer.op === null || !layer.tokens || patches < 0) continue
      compared++
      const look = { picture, preprocessing: notebookPreprocessing, together: [] }
      const map = await remote.imageMap(look, i, 3)
      expect([map.rows, map.columns]).toEqual(layer.tokens.grid)
      expect(await remote.imageMap(look, patches, 3)).toEqual(map)
    }
    expect(compared).toBeGreaterThan(3)
  } finally {
    terminate()
  }
})
