/** @file Goes backwards through an ONNX model in a worker (WASM), and compares with what PyTorch has derived. */
import * as tf from '@tensorflow/tfjs'
import type { Network, Pair } from '../../src/core/model/network.ts'
import { startBackend } from '../../src/engine/backend/chooseBackend.ts'
import type { ModelFile } from '../../src/engine/model/formats/modelFiles.ts'
import { findModel } from '../../src/engine/model/openModel.ts'
import { TapNetwork } from '../../src/engine/model/tapNetwork.ts'
import { ReversePass } from '../../src/engine/reasons/reversePass.ts'
import { expose } from '../../src/rpc/expose.ts'
import { kitLevels } from '../engine/kitLevels.ts'
import { largestError } from '../engine/largestError.ts'
import type { OnnxGradients } from './onnxMaker.ts'

/** How far a gradient is off, and what rounding makes of it. */
export interface GradientError {
  readonly error: number
  readonly unsteady: number
}

export class OnnxBackwards {
  /** Of a unit in the middle and of one of the last outputs (of a small file of all), with respect to the image and to a layer between. */
  async compare(
    files: readonly ModelFile[],
    size: Pair,
    { units, pairs, whole }: OnnxGradients,
    url: string,
  ): Promise<GradientError[]> {
    await startBackend('wasm')
    const model = await findModel(files, { inputSize: size })
    const { network } = model
    const tapped = new TapNetwork(network, (layer) => model.weights(layer))
    model.close()
    const floats = new Float32Array(await (await fetch(url)).arrayBuffer())
    const isWhole = network.layers.some(({ op }) => op?.kind === 'wholeNumbers')
    const levels = kitLevels(network.inputShape)
    const image = tf.tensor(isWhole ? levels : levels.map((level) => level / 255), [1, ...network.inputShape])
    const layers = layersByTensor(network)
    const isDerived = ({ of }: { of: string }): boolean => layers.has(of)
    const known = pairs.filter((pair) => isDerived(pair) && (pair.by === null || layers.has(pair.by)))
    // One of the middle and one of the last: those of the middle come first.
    const names = [...new Set(known.map(({ of }) => of))]
    const last = names.find((name) => known.some(({ of, by }) => of === name && by !== null))
    const errors: GradientError[] = []
    for (const of of whole ? names : new Set([names[0], last])) {
      const all = known.filter((pair) => pair.of === of)
      // The image comes first.
      const own = all.slice(0, 2)
      if (of === undefined || own.length === 0) continue
      const layer = layers.get(of)!
      const pass = new ReversePass(tapped, image, layer)
      const output = pass.output(layer)
      const seed = tf.tensor(new Float32Array(output.size).fill(1, units[of], units[of]! + 1), output.shape)
      const targets = own.map(({ by }) => (by === null ? network.input : layers.get(by)!))
      const found = pass.back(layer, seed, [...new Set(targets)])
      for (const [i, { offset, size: count, unsteady }] of own.entries()) {
        const numbers = found.get(targets[i]!)!.dataSync()
        errors.push({ error: largestError(numbers, floats.subarray(offset, offset + count)), unsteady })
      }
      pass.dispose()
      tf.dispose([seed, ...found.values()])
    }
    tf.dispose(image)
    tapped.dispose()
    return errors
  }
}

/** The first layer that is a tensor of the file. */
function layersByTensor({ layers }: Network): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const [i, layer] of layers.entries()) {
    if (layer.op === null) continue
    const tensor = /In the file it is "([^]*)"\.$/.exec(layer.note ?? '')?.[1] ?? layer.name
    if (!found.has(tensor)) found.set(tensor, i)
  }
  return found
}

expose(new OnnxBackwards(), self as never)
