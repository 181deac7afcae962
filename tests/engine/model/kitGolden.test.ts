/** The kit's real models: every layer computes what Keras computed (`truth/activations_golden.json`). */
import { describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import type { ModelFile } from '../../../src/engine/model/formats/modelFiles.ts'
import { connect } from '../../../src/rpc/remote.ts'
import type { WholeOutputs } from '../wholeOutputs.worker.ts'

interface GoldenLayer {
  readonly shape: readonly number[]
  /** The maximum of each channel, for a map. */
  readonly max?: readonly number[]
  readonly argmax_flat?: readonly number[]
  /** The values, for a vector. */
  readonly values?: readonly number[]
}
type Golden = Readonly<Record<string, { readonly layers: Readonly<Record<string, GoldenLayer>> }>>

const kit = '../shared/kit/'
const golden = await commands.readFile(`${kit}truth/activations_golden.json`).then(
  (text): Golden => JSON.parse(text) as Golden,
  (): Golden => ({}),
)
const models = Object.keys(golden)
if (models.length === 0) console.log('The kit is not beside the project: its models are not compared.')

const tolerance = 1e-4

/** A file, or a folder's model.json with its shards. */
async function kitFiles(model: string): Promise<ModelFile[]> {
  const read = async (path: string): Promise<ModelFile> => {
    const text = atob(await commands.readFile(`${kit}models/${path}`, 'base64'))
    const file = new File([Uint8Array.from(text, (c) => c.charCodeAt(0))], path.split('/').at(-1)!)
    return { path, file }
  }
  if (/\.\w+$/.test(model.split('/').at(-1)!)) return [await read(model)]
  const json = await read(`${model}/model.json`)
  const { weightsManifest } = JSON.parse(await json.file.text()) as { weightsManifest: { paths: string[] }[] }
  const shards = weightsManifest.flatMap(({ paths }) => paths)
  return [json, ...(await Promise.all(shards.map((path) => read(`${model}/${path}`))))]
}

describe.skipIf(models.length === 0)('the kit’s models compute what Keras computed', () => {
  it.each(models)('%s', { timeout: 120_000 }, async (name) => {
    const worker = new Worker(new URL('../wholeOutputs.worker.ts', import.meta.url), { type: 'module' })
    const { remote } = connect<WholeOutputs>(worker as never)
    const outputs = new Map(
      (await remote.run(await kitFiles(name))).map(({ name: layer, values }) => [layer, values]),
    )
    worker.terminate()

    const layers = Object.entries(golden[name]!.layers)
    expect(layers.length).toBeGreaterThan(5)
    let apart = 0
    let compared = 0
    for (const [layer, { shape, max, values, argmax_flat: positions }] of layers) {
      const found = outputs.get(layer)
      expect(found, layer).toBeDefined()
      const want = max ?? values!
      // For long vectors only the first numbers are known.
      const channels = shape.at(-1)!
      const scale = Math.max(...want.map(Math.abs)) || 1
      for (const [c, value] of want.entries()) {
        let [best, at] = [Number.NEGATIVE_INFINITY, -1]
        for (let i = c, position = 0; i < found!.length; i += channels, position++)
          if (found![i]! > best) [best, at] = [found![i]!, position]
        compared++
        expect(Math.abs(best - value) / scale, `${layer} channel ${c}`).toBeLessThan(tolerance)
        const wanted = positions?.[c] ?? 0
        if (at === wanted) continue
        // The maximum may be at another position only if both values are equal up to rounding.
        apart++
        const there = found![wanted * channels + c]!
        expect(Math.abs(there - value) / scale, `${layer} channel ${c} at ${wanted}`).toBeLessThan(1e-5)
      }
    }
    expect(apart / compared).toBeLessThan(0.02)
  })
})
