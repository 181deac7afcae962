/** Heat-maps of the kit's models are the maps of Keras and of onnxruntime: maxima, their places, and means of channels. */
import { describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import type { SupportedLayer } from '../../../src/core/model/network.ts'
import { mapSize } from '../../../src/core/model/units.ts'
import { whyNotScannable } from '../../../src/core/model/scannable.ts'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import type { ModelFile } from '../../../src/engine/model/formats/modelFiles.ts'
import { spawnEngine } from '../../../src/state/workers/workers.ts'
import { goldenPicture } from '../goldenInput.ts'
import { kitModel, kitOnnxFiles, kitText } from '../kitFiles.ts'

interface GoldenLayer {
  readonly max?: readonly number[]
  readonly argmax_flat?: readonly number[]
  /** Of channels; only ONNX files have them. */
  readonly means?: readonly number[]
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

/** The file, or the JSON in the folder. */
const kerasModels = Object.keys(keras).map(
  (path) => [path, /\.\w+$/.test(path.split('/').at(-1)!) ? path : `${path}/model.json`] as const,
)
const onnxModels = Object.keys(onnx).filter((path) => /^(torchvision|timm|keras)\//.test(path))

const tolerance = 1e-4
/** Channels of each layer. */
const compared = 3

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
    const picture = await goldenPicture(network.inputShape)
    let count = 0
    for (const [i, layer] of network.layers.entries()) {
      if (whyNotScannable(layer) !== null || layer.op === null) continue
      const [rows, columns] = mapSize(layer.shape)
      const { max, argmax_flat: places, means } = golden.layers[nameOf(layer)] ?? {}
      if (!max || !places || max.length !== layer.shape.at(-1) || rows * columns === 1) continue
      const scale = Math.max(...max.map(Math.abs)) || 1
      for (let c = 0; c < max.length; c += Math.ceil(max.length / compared)) {
        const look = { picture, preprocessing: notebookPreprocessing, together: [i] }
        const map = await remote.imageMap(look, i, c)
        expect([map.rows, map.columns]).toEqual([rows, columns])
        const near = (value: number, wanted: number, what: string): void =>
          expect(Math.abs(value - wanted) / scale, `${layer.name}, channel ${c}: ${what}`).toBeLessThan(
            tolerance,
          )
        near(Math.max(...map.values), max[c]!, 'maximum')
        near(map.values[places[c]!]!, max[c]!, 'value at its place')
        if (means)
          near(map.values.reduce((sum, value) => sum + value, 0) / map.values.length, means[c]!, 'mean')
        count++
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
    expect(count).toBeGreaterThan(4)
  })
})
