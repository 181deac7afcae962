/**
 * The kit's ONNX files, opened as a browser opens them: every layer computes what onnxruntime computes
 * (`onnx/truth/activations_golden.json.gz`). The table of all files is left in `node_modules/.cache/onnx-table.md`.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import { connect, type Remote } from '../../../src/rpc/remote.ts'
import { refusedOnnx } from '../../fixtures/refusedOnnx.ts'
import { goldenOnnx, kitOnnxFiles, kitText } from '../kitFiles.ts'
import type { OnnxOutputs } from '../onnxOutputs.worker.ts'

interface GoldenLayer {
  readonly dims: readonly number[]
  readonly mean: number
  readonly largest: number
  readonly layout: string | null
  readonly max?: readonly number[]
  readonly argmax_flat?: readonly number[]
  readonly means?: readonly number[]
}
interface GoldenFile {
  readonly input: readonly number[]
  readonly layers: Readonly<Record<string, GoldenLayer>>
}

const manifest = await kitText('onnx/manifest.tsv')
const hasKit = manifest !== null
if (!hasKit) console.log('The kit is not beside the project: its ONNX files are not compared.')

const golden = hasKit ? await goldenOnnx<GoldenFile>() : {}

const tolerance = 1e-4

const models = Object.keys(golden)

/** The program that wrote each file. */
const producers = new Map(
  (manifest ?? '').split('\n').map((line) => {
    const [path, , producer] = line.split('\t')
    return [path!, producer ?? '']
  }),
)

/** The exporter of torch.export says which build of PyTorch it is: `2.13.0+cpu`. */
function exporterOf(model: string): string {
  const producer = producers.get(model)!
  if (!producer.startsWith('pytorch ')) return producer
  return `${producer.replace(/\+.*/, '')}, ${producer.includes('+') ? 'torch.export' : 'TorchScript'}`
}

/** The folder, and the network without what tells its exports apart: `torchvision resnet18`. */
function familyOf(model: string): string {
  return model
    .replace(/(\/model)?\.onnx$/, '')
    .replace(/-(ts\d+|dyb?|dynamo|\d)$/, '')
    .replace('/', ' ')
}

describe.skipIf(!hasKit)('the kit’s ONNX files compute what onnxruntime computes', () => {
  let worker: Worker
  let remote: Remote<OnnxOutputs>
  beforeAll(() => {
    worker = new Worker(new URL('../onnxOutputs.worker.ts', import.meta.url), { type: 'module' })
    remote = connect<OnnxOutputs>(worker as never).remote
  })
  afterAll(() => worker.terminate())

  const table = [
    '| family | file | exporter | opens | worst error | layers that can be scanned / all |',
    '| --- | --- | --- | --- | --- | --- |',
  ]
  afterAll(() => commands.writeFile('node_modules/.cache/onnx-table.md', `${table.join('\n')}\n`))

  it.each(models)('%s', { timeout: 120_000 }, async (model) => {
    const { layers, input } = golden[model]!
    const [rows, columns] = input as [number, number, number]
    const outputs = await remote.run(await kitOnnxFiles(model), [rows, columns])
    let [compared, worst] = [0, 0]
    const near = (value: number, wanted: number, size: number, what: string): void => {
      const error = Math.abs(value - wanted) / size
      worst = Math.max(worst, error)
      expect(error, what).toBeLessThan(tolerance)
    }
    const byLayer = new Map(outputs.map(({ layer, values }) => [layer, values]))
    for (const { layer, values, channels } of outputs) {
      const whole = byLayer.get(layer.replace(/ \((patches|class token|token \d+)\)$/, ''))!
      if (whole === values) continue
      // Rows of the tokens: in the kit those of the patches are the last.
      const row = Number(/token (\d+)\)$/.exec(layer)?.[1] ?? 0)
      const start = layer.endsWith('(patches)') ? whole.length - values.length : row * channels
      expect(values, layer).toEqual(whole.slice(start, start + values.length))
    }
    for (const { tensor, values, channels } of outputs) {
      const want = layers[tensor]
      if (!want) continue
      compared++
      if (want.layout === null && values.length === want.dims.reduce((count, n) => count * n, 1)) {
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length
        const largest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
        const size = Math.max(Math.abs(want.largest), Math.abs(want.mean)) || 1
        near(mean, want.mean, size, `${tensor}, mean`)
        near(largest, want.largest, size, `${tensor}, largest`)
      }
      // Windows, or tokens, in the place of the images: the kit looks at the first.
      if (!want.max || want.max.length !== channels || want.dims[0] !== 1) continue
      const scale = Math.max(...want.max.map(Math.abs), ...want.means!.map(Math.abs)) || 1
      for (const [c, max] of want.max.entries()) {
        let [best, sum] = [Number.NEGATIVE_INFINITY, 0]
        for (let i = c; i < values.length; i += channels) {
          best = Math.max(best, values[i]!)
          sum += values[i]!
        }
        near(best, max, scale, `${tensor} channel ${c}`)
        near((sum * channels) / values.length, want.means![c]!, scale, `${tensor} mean of channel ${c}`)
        // A tie may fall either way: what counts is the value there.
        near(
          values[want.argmax_flat![c]! * channels + c]!,
          max,
          scale,
          `${tensor} channel ${c} at the file’s place`,
        )
      }
    }
    if (!refusedOnnx[model]) expect(compared).toBeGreaterThan(0)
    const opens = refusedOnnx[model] ? 'in part' : 'yes'
    const { scannable, all } = await remote.layerCounts()
    const cells = [familyOf(model), model, exporterOf(model), opens, worst.toExponential(1)]
    table.push(`| ${cells.join(' | ')} | ${scannable} / ${all} |`)
  })
})
