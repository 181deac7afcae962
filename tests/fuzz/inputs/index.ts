/** @file What each target is given: a file that is right, with a few changes of its bytes or of the JSON in it. */
import * as fc from 'fast-check'
import { onnxBytes, type Model } from '../../fixtures/onnxWriter.ts'
import { resultsFile } from '../../fixtures/resultsFiles.ts'
import { headOf, scannedParts, snapshotBytes, withHead } from '../../fixtures/snapshots.ts'
import { everything } from '../../../src/core/images/selection.ts'
import type { Target } from '../oracles/index.ts'
import { byteEdits, editBytes } from './editBytes.ts'
import { editJson, jsonEdits } from './editJson.ts'
import { type FuzzInput, textFile } from './input.ts'
import * as seeds from './seeds.ts'
import { words } from './words.ts'

export type Inputs = Readonly<Record<Target, fc.Arbitrary<FuzzInput>>>

export async function makeInputs(): Promise<Inputs> {
  const zips = await seeds.zips()
  const results = [[textFile('a.urpatch.json', resultsFile())]]
  return {
    zip: bytesChanged(zips, words.zip),
    'zip of a model': bytesChanged(zips, words.zip),
    tar: bytesChanged(await seeds.tars(), words.tar),
    dataset: bytesChanged(seeds.datasets(), words.tar),
    picture: bytesChanged(seeds.pictures(), words.picture),
    hdf5: bytesChanged(seeds.hdf5(), words.hdf5),
    'layers model': changed(seeds.layersModels(), words.keras),
    'graph model': changed(seeds.graphModels(), words.graph),
    keras: changed(await seeds.kerasModels(), words.keras),
    'keras configuration': changed(seeds.kerasConfigs(), words.keras),
    onnx: onnxChanged(),
    'onnx bytes': bytesChanged(onnxFiles, words.onnx),
    'onnx in parts': fc.oneof(
      changed([seeds.onnxInParts.withConfig], words.labels),
      bytesChanged([seeds.onnxInParts.withList], words.onnx),
    ),
    'packed model': bytesChanged(seeds.packedModels(), [...words.zip, ...words.hdf5]),
    index: bytesChanged(seeds.indexes(), words.index),
    results: changed(results, words.results),
    snapshot: snapshotsChanged([snapshot]),
    'parts of a scan': snapshotsChanged(partsOfScan),
    notes: changed(seeds.notes(), words.notes),
    project: changed(seeds.projects(), words.project),
    address: bytesChanged(seeds.addresses(), words.address),
  }
}

/** Changes the bytes of one of the files. */
function bytesChanged(inputs: readonly FuzzInput[], tokens: readonly string[]): fc.Arbitrary<FuzzInput> {
  return fc
    .record({ input: fc.constantFrom(...inputs), file: fc.nat(9), edits: byteEdits(tokens) })
    .map(({ input, file, edits }) =>
      input.map((one, i) =>
        i === file % input.length ? { ...one, bytes: editBytes(one.bytes, edits) } : one,
      ),
    )
}

/** Changes the JSON of a file for the most part, and sometimes bytes of any. */
function changed(inputs: readonly FuzzInput[], tokens: readonly string[]): fc.Arbitrary<FuzzInput> {
  const decoder = new TextDecoder()
  const jsons = fc
    .record({ input: fc.constantFrom(...inputs), edits: jsonEdits(tokens) })
    .map(({ input, edits }) => {
      const at = Math.max(
        0,
        input.findIndex(({ name }) => /^(config|model)\.json$/.test(name)),
      )
      return input.map((one, i) =>
        i === at ? textFile(one.name, editJson(JSON.parse(decoder.decode(one.bytes)), edits)) : one,
      )
    })
  return fc.oneof({ weight: 4, arbitrary: jsons }, { weight: 1, arbitrary: bytesChanged(inputs, tokens) })
}

const onnxFiles: readonly FuzzInput[] = seeds.onnxModels.map((model) => [onnxFile(model)])

function onnxFile(model: Model): FuzzInput[number] {
  return { name: 'model.onnx', bytes: onnxBytes(model).slice() }
}

/** Changes what the file says; what cannot be written is left as it was. */
function onnxChanged(): fc.Arbitrary<FuzzInput> {
  return fc
    .record({ model: fc.constantFrom(...seeds.onnxModels), edits: jsonEdits(words.onnx) })
    .map(({ model, edits }) => {
      const text = editJson(
        model,
        edits.filter(({ edit }) => edit !== 'nest'),
      )
      try {
        return [onnxFile(writable(JSON.parse(text, wholeUnderInts) as Model))]
      } catch {
        return [onnxFile(model)]
      }
    })
}

/** Names that are no texts are left out, as the format has none. */
function writable(model: Model): Model {
  const texts = (list: readonly unknown[]): string[] => list.filter((one) => typeof one === 'string')
  return {
    ...model,
    nodes: model.nodes.map((one) => ({ ...one, inputs: texts(one.inputs), outputs: texts(one.outputs) })),
  }
}

/** The format has no broken numbers among whole ones. */
function wholeUnderInts(key: string, value: unknown): unknown {
  if (key === 'op' || key === 'name' || key === 'text') return typeof value === 'string' ? value : ''
  const isOfWhole = key === 'int' || key === 'opset' || /^\d+$/.test(key)
  return isOfWhole && typeof value === 'number' && Math.abs(value) > 8 ? Math.trunc(value) : value
}

const snapshot = { name: 'a.urpatch', bytes: snapshotBytes() }

const partsOfScan = [1, 2, 3].map((part) => ({
  name: `${part}.urpatch`,
  bytes: snapshotBytes(scannedParts({ selection: { ...everything, shard: [part, 3] } })),
}))

/** Changes the JSON of one of the files, or bytes of any. */
function snapshotsChanged(files: FuzzInput): fc.Arbitrary<FuzzInput> {
  const jsons = fc
    .record({ file: fc.nat(files.length - 1), edits: jsonEdits(words.snapshot) })
    .map(({ file, edits }) =>
      files.map((one, i) => {
        if (i !== file) return one
        const { start, head } = headOf(one.bytes)
        return { ...one, bytes: withHead(one.bytes.subarray(0, start), editJson(head, edits)) }
      }),
    )
  return fc.oneof(jsons, bytesChanged([files], words.snapshot))
}
