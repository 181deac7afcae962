/**
 * The kit's ONNX files as networks: the modules that their nodes belong to, the shapes of their layers, receptive fields that
 * were measured by forward passes, and what is refused. What layers compute is compared in the browser (`kitOnnx.test.ts`).
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { graphNodes } from '../../../../src/core/model/onnx/graphNodes.ts'
import { modulePath } from '../../../../src/core/model/onnx/modulePaths.ts'
import { onnxNetwork, type OnnxNetwork } from '../../../../src/core/model/onnx/onnxNetwork.ts'
import { kitTable } from '../../../kit.ts'
import { compareField } from '../../../measuredFields.ts'
import { hasOnnxKit, kitOnnx, onnxKit } from '../../../fixtures/onnxFiles.ts'
import { refusedOnnx } from '../../../fixtures/refusedOnnx.ts'

const rows = (file: string): Readonly<Record<string, string>>[] =>
  hasOnnxKit ? kitTable(`onnx/${file}`) : []
const models = rows('manifest.tsv').map(({ path }) => path!)
type Rows = readonly Readonly<Record<string, string>>[]

function byModel(table: Rows): [model: string, rows: Rows][] {
  const names = [...new Set(table.map(({ model }) => model!))]
  return names.map((name) => [name, table.filter(({ model }) => model === name)])
}

function networkOf(model: string): OnnxNetwork {
  return onnxNetwork(kitOnnx(model), { inputSize: [64, 80] })
}

describe.skipIf(!hasOnnxKit)('every file of the kit', () => {
  it.each(models)('%s', (model) => {
    const { network } = networkOf(model)
    const problems = network.layers
      .flatMap((layer) => (layer.op === null ? [layer.problem] : []))
      .filter((problem) => !problem.startsWith('comes after'))
    const expected = refusedOnnx[model] ?? []
    expect(problems.filter((problem) => !expected.some((sentence) => sentence.test(problem)))).toEqual([])
    expect(expected.filter((sentence) => !problems.some((problem) => sentence.test(problem)))).toEqual([])
    const names = network.layers.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })

  it('are no others than those that are refused by name', () => {
    expect(Object.keys(refusedOnnx).filter((model) => !models.includes(model))).toEqual([])
  })
})

describe.skipIf(!hasOnnxKit)('modules', () => {
  it.each(byModel(rows('truth/module_names.tsv')))('of %s are those of PyTorch', (model, own) => {
    const nodes = new Map(graphNodes(kitOnnx(model)).map((node) => [node.outputs[0], node]))
    expect(own.map(({ tensor }) => modulePath(nodes.get(tensor!)!))).toEqual(own.map(({ module }) => module))
  })
})

interface Golden {
  readonly layers: Readonly<
    Record<
      string,
      {
        readonly dims: readonly number[]
        readonly shape?: readonly number[] | null
        readonly layout: string | null
      }
    >
  >
}

const golden = (): Readonly<Record<string, Golden>> =>
  hasOnnxKit
    ? (JSON.parse(
        gunzipSync(readFileSync(`${onnxKit}truth/activations_golden.json.gz`)).toString(),
      ) as Record<string, Golden>)
    : {}

describe.skipIf(!hasOnnxKit)('shapes', () => {
  it.each(Object.entries(golden()))('of %s', (model, { layers }) => {
    const { network, tensors } = networkOf(model)
    const long = (shape: readonly number[]): string => shape.filter((n) => n !== 1).join('×')
    for (const [i, tensor] of tensors.entries()) {
      const layer = network.layers[i]!
      const known = tensor === null ? undefined : layers[tensor]
      // Windows, or tokens, in the place of the images: the kit looks at the first.
      if (known?.dims[0] !== 1) continue
      // A map of one channel without the axis of it is listed as a vector.
      if (layer.op === null || !known?.shape || (known.layout === 'NC' && layer.shape.length > 1)) continue
      // Tokens may still be the map that they were.
      const asRows = (shape: readonly number[]): readonly number[] =>
        known.layout === 'NTC'
          ? [shape.slice(0, -1).reduce((count, n) => count * n, 1), shape.at(-1)!]
          : shape
      expect(long(asRows(layer.shape)), tensor!).toBe(long(known.shape))
    }
  })
})

/** Rows in which fewer pixels were found than the network says, for reasons that are known. */
const wider = [
  // Two dilated convolutions, one after the other, leave holes in a field; an interval fills the last one, which nothing sees.
  ...['strided_dilated', 'relu10', 'even'].map((layer) => `traps/conv_pads-0.onnx ${layer}`),
  // Its rows are the four sides of a box and its columns the places of three maps: no picture, so by definition the whole image.
  'traps/yolo_like-0.onnx /model.8/dfl/conv/Conv_output_0',
]

describe.skipIf(!hasOnnxKit)('measured fields', () => {
  it.each(byModel(rows('truth/receptive_fields_measured.tsv')))('%s', (model, own) => {
    const { network, tensors } = networkOf(model)
    for (const row of own) {
      const index = tensors.indexOf(row['layer']!)
      if (network.layers[index]?.op && !wider.includes(`${model} ${row['layer']}`))
        compareField(network, index, row)
    }
  })
})
