/**
 * The kit's graph models: every layer computes what TensorFlow.js' own executor gives, and models that
 * the kit also has in Keras' format compute the same.
 */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { graphNetwork, type GraphNetwork } from '../../../src/core/model/tensorflow/graphNetwork.ts'
import type { Network } from '../../../src/core/model/network.ts'
import { receptiveField } from '../../../src/core/model/receptiveField.ts'
import { whyNotScannable } from '../../../src/core/model/scannable.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import type { Engine } from '../../../src/engine/engine.ts'
import { spawnEngine, type WorkerHandle } from '../../../src/state/workers/workers.ts'
import {
  apart,
  type Artifacts,
  artifactsOf,
  compare,
  computed,
  goldenInput,
  type ModelJson,
  storedConstants,
  tolerance,
} from '../graphComparison.ts'
import { goldenPicture } from '../goldenInput.ts'

beforeAll(() => startBackend('wasm'))

/** The path from the root of the project. */
const kit = '../shared/kit/models'
const kitModels: readonly [name: string, json: string, computed: number | RegExp][] = [
  ['mnist-cnn-subhadip', 'model.json', 9],
  ['mnist-mlp-subhadip', 'model.json', 6],
  ['tfjs-examples-angular-prefetch', 'model.json', /^it has 2 inputs \(cur_page, session_index\)$/],
  ['tfjs-e2e-graph', 'model.json', /^its input has shape \[2, 2\], which is no image$/],
  ['vladmandic-antispoof', 'antispoof.json', 14],
  ['vladmandic-liveness', 'liveness.json', 21],
  ['vladmandic-emotion', 'emotion.json', 21],
  ['vladmandic-gear', 'gear.json', 32],
  ['vladmandic-gender-ssrnet-imdb', 'gender-ssrnet-imdb.json', 133],
  ['vladmandic-blazeface', 'blazeface.json', 141],
  ['vladmandic-blazeface-front', 'blazeface-front.json', 88],
  ['vladmandic-facemesh-detection-short', 'facemesh-detection-short.json', 91],
  ['vladmandic-selfie', 'selfie.json', 225],
  ['vladmandic-mobileface', 'mobileface.json', 93],
]

const hasKit = await commands.readFile(`${kit}/manifest.tsv`).then(
  () => true,
  () => false,
)
if (!hasKit) console.log('The kit is not beside the project: its graph models are not tried.')

async function kitModel(folder: string, json: string): Promise<Artifacts> {
  const read = (path: string, encoding: 'utf8' | 'base64'): Promise<string> =>
    commands.readFile(`${kit}/tfjs-graph/${folder}/${path}`, encoding)
  const model = JSON.parse(await read(json, 'utf8')) as ModelJson
  const shards = await Promise.all(
    model.weightsManifest.flatMap(({ paths }) => paths).map((path) => read(path, 'base64')),
  )
  const bytes = shards.map((shard) => Uint8Array.from(atob(shard), (char) => char.charCodeAt(0)))
  return artifactsOf(model, await new Blob(bytes).arrayBuffer())
}

describe.skipIf(!hasKit)('the kit’s graph models', () => {
  it.each(kitModels)('%s', { timeout: 120_000 }, async (folder, json, wanted) => {
    const artifacts = await kitModel(folder, json)
    const { topology, signature } = artifacts
    const constants = await storedConstants(artifacts)
    const read = (): GraphNetwork =>
      graphNetwork(topology, constants, { name: folder, signature, inputSize: null })
    if (typeof wanted !== 'number') return expect(read).toThrow(wanted)
    const graph = read()
    const problems = graph.network.layers.flatMap((layer) => (layer.op === null ? [layer.problem] : []))
    expect(problems).toEqual([])
    const worst = await compare(artifacts, graph)
    console.log(`${folder}: ${graph.network.layers.length} layers, worst ${worst.toExponential(1)}`)
    expect(graph.network.layers.length).toBe(wanted)
  })
})

/** One network in two formats. A folded normalization changes where layers end, but not what they give. */
const twins: readonly [graph: readonly string[], keras: string, commonNames: number | null][] = [
  [
    ['tfjs-graph/mnist-cnn-subhadip/model.json', 'tfjs-graph/mnist-cnn-subhadip/group1-shard1of1.bin'],
    'keras3/07subhadip-Subhadip_Hensh_MNIST_CNN.keras',
    // Keras has numbered the layers anew.
    null,
  ],
  [
    ['tfjs-graph/vladmandic-emotion/emotion.json', 'tfjs-graph/vladmandic-emotion/emotion.bin'],
    'keras2-h5/oarriaga-fer2013_big_XCEPTION.54-0.66.hdf5',
    16,
  ],
]

async function modelFile(path: string): Promise<{ path: string; file: File }> {
  const text = atob(await commands.readFile(`${kit}/${path}`, 'base64'))
  const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0))
  return { path, file: new File([bytes], path.split('/').at(-1)!) }
}

describe.skipIf(!hasKit)('in the engine', () => {
  let engine: WorkerHandle<Engine>
  beforeEach(async () => {
    engine = spawnEngine()
    await engine.remote.start('wasm')
  })
  afterEach(() => engine.terminate())

  async function opened(
    paths: readonly string[],
  ): Promise<{ network: Network; peaks: Map<string, Float32Array> }> {
    const files = await Promise.all(paths.map(modelFile))
    const { network } = await engine.remote.openModel(files, { inputSize: null })
    const layers = [...network.layers.keys()].filter((i) => whyNotScannable(network.layers[i]!) === null)
    await engine.remote.beginScan({ layers, preprocessing: notebookPreprocessing, maxPassSize: 1 })
    const handle = await goldenPicture(network.inputShape)
    const { summaries } = await engine.remote.scanBatch([{ image: 0, handle }])
    const peaks = layers.map((layer, i): [string, Float32Array] => [
      network.layers[layer]!.name,
      summaries[i]!.max,
    ])
    return { network, peaks: new Map(peaks) }
  }

  it.each(twins)('%s is its twin %s', async (graphFiles, kerasFile, commonNames) => {
    const graph = await opened(graphFiles)
    const keras = await opened([kerasFile])
    const [last, kerasLast] = [graph, keras].map(({ peaks }) => [...peaks.values()].at(-1)!)
    expect(apart(last!, kerasLast!)).toBeLessThan(tolerance)
    if (commonNames === null) return
    // Layers with the same name in both formats are the same layer, and their units see the same.
    const named = [...graph.peaks.keys()].filter((name) => keras.peaks.has(name))
    expect(named.length).toBe(commonNames)
    for (const name of named) {
      expect(apart(graph.peaks.get(name)!, keras.peaks.get(name)!), name).toBeLessThan(tolerance)
      const [field, kerasField] = [graph.network, keras.network].map((network) =>
        receptiveField(
          network,
          network.layers.findIndex((layer) => layer.name === name),
        ),
      )
      expect(field, name).toEqual(kerasField)
    }
  })

  it('reads numbers stored in 16 bits as TensorFlow.js does', async () => {
    const [folder, json, bin] = ['vladmandic-antispoof', 'antispoof.json', 'antispoof.bin']
    const { peaks } = await opened([json, bin].map((name) => `tfjs-graph/${folder}/${name}`))
    const artifacts = await kitModel(folder, json)
    const graph = graphNetwork(artifacts.topology, await storedConstants(artifacts), {
      name: folder,
      inputSize: null,
    })
    const image = goldenInput(graph.network.inputShape)
    const outputs = computed(graph, image)
    image.dispose()
    let compared = 0
    for (const [i, { name }] of graph.network.layers.entries()) {
      const peak = peaks.get(name)
      if (!peak) continue
      const values = outputs.get(graph.nodes[i]!)!
      const maxima = new Float32Array(peak.length).fill(Number.NEGATIVE_INFINITY)
      for (const [at, value] of values.entries())
        maxima[at % peak.length] = Math.max(maxima[at % peak.length]!, value)
      expect(apart(peak, maxima), name).toBeLessThan(tolerance)
      compared++
    }
    expect(compared).toBe(peaks.size)
  })

  it('names the shard that is missing', async () => {
    const folder = 'incomplete-tfjs/posenet-stride16-shard1-missing'
    const names = ['model-stride16.json', 'group1-shard2of2.bin']
    const files = await Promise.all(names.map((name) => modelFile(`${folder}/${name}`)))
    const opening = engine.remote.openModel(files, { inputSize: null })
    await expect(opening).rejects.toThrow(/group1-shard1of2\.bin/)
  })
})
