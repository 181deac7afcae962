/** @file Runs a graph both as Urpatch's network and by TensorFlow.js' own executor, and compares every layer. */
import * as tf from '@tensorflow/tfjs'
import { loadGraphModel } from '@tensorflow/tfjs-converter'
import { expect } from 'vitest'
import type { GraphNetwork } from '../../src/core/model/tensorflow/graphNetwork.ts'
import type { GraphConstant } from '../../src/core/model/dataflow/values.ts'
import type { SupportedLayer } from '../../src/core/model/network.ts'
import { TapNetwork } from '../../src/engine/model/tapNetwork.ts'
import { kitLevels } from './kitLevels.ts'

/** Relative to a layer's largest value; two correct float32 engines differ by about 1e-5 of it. */
export const tolerance = 1e-4

/** A graph model as TensorFlow.js loads it. */
export interface Artifacts {
  readonly topology: { readonly node: readonly { readonly name: string; readonly op: string }[] }
  readonly signature: unknown
  readonly specs: tf.io.WeightsManifestEntry[]
  readonly bytes: ArrayBuffer
}

export interface ModelJson {
  readonly modelTopology: Artifacts['topology']
  readonly signature?: unknown
  readonly userDefinedMetadata?: { readonly signature?: unknown }
  readonly weightsManifest: readonly {
    readonly paths: readonly string[]
    readonly weights: tf.io.WeightsManifestEntry[]
  }[]
}

export function artifactsOf(model: ModelJson, bytes: ArrayBuffer): Artifacts {
  const { modelTopology, signature, userDefinedMetadata, weightsManifest } = model
  return {
    topology: modelTopology,
    signature: signature ?? userDefinedMetadata?.signature,
    specs: weightsManifest.flatMap((group) => group.weights),
    bytes,
  }
}

/** The constants, read by TensorFlow.js itself. */
export async function storedConstants({ specs, bytes }: Artifacts): Promise<Map<string, GraphConstant>> {
  const tensors = tf.io.decodeWeights(bytes, specs)
  const constants = new Map<string, GraphConstant>()
  for (const [name, tensor] of Object.entries(tensors)) {
    const values = Float32Array.from(await tensor.data())
    constants.set(name, { name, shape: tensor.shape, type: tensor.dtype, floats: () => values })
    tensor.dispose()
  }
  return constants
}

/** The input `x[h,w,c] = ((37h + 61w + 97c + 11·((h·w) mod 53)) mod 256) / 255`, as `[1, H, W, C]`. */
export function goldenInput(shape: readonly [number, number, number]): tf.Tensor {
  return tf.tensor(
    kitLevels(shape).map((level) => level / 255),
    [1, ...shape],
  )
}

/** What each layer computes for the first image of a pass of two, by node. */
export function computed(
  { network, constants, nodes }: GraphNetwork,
  input: tf.Tensor,
): Map<string, Float32Array> {
  const tapped = new TapNetwork(network, (layer) => constants[layer]!.map((constant) => constant.floats()!))
  const before = tf.memory().numTensors
  const outputs = new Map<string, Float32Array>()
  const taps = new Set(
    [...network.layers.keys()].filter((i) => network.layers[i]!.op !== null && nodes[i] !== null),
  )
  const batch = tf.tidy(() => tf.concat([input, tf.sub(1, input)]))
  tapped.run(batch, taps, (i, output) => {
    expect(output.shape, nodes[i]!).toEqual([2, ...(network.layers[i] as SupportedLayer).shape])
    const values = output.dataSync()
    outputs.set(nodes[i]!, Float32Array.from(values.subarray(0, values.length / 2)))
  })
  batch.dispose()
  expect(tf.memory().numTensors).toBe(before)
  tapped.dispose()
  return outputs
}

/** What TensorFlow.js' executor gives at these nodes. */
async function executed(
  { topology, specs, bytes }: Artifacts,
  inputs: Record<string, tf.Tensor>,
  nodes: readonly string[],
): Promise<Map<string, tf.Tensor>> {
  const model = await loadGraphModel({
    load: () => Promise.resolve({ modelTopology: topology, weightSpecs: specs, weightData: bytes }),
  })
  const outputs = model.execute(inputs, [...nodes]) as tf.Tensor | tf.Tensor[]
  model.dispose()
  return new Map([outputs].flat().map((tensor, i) => [nodes[i]!, tensor]))
}

/** The largest difference, relative to the largest value. */
export function apart(found: Float32Array, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) return Number.POSITIVE_INFINITY
  let [difference, largest] = [0, 0]
  for (let i = 0; i < wanted.length; i++) {
    difference = Math.max(difference, Math.abs(found[i]! - wanted[i]!))
    largest = Math.max(largest, Math.abs(wanted[i]!))
  }
  return difference / (largest || 1)
}

/** Compares every layer and returns the difference of the worst one. */
export async function compare(artifacts: Artifacts, graph: GraphNetwork): Promise<number> {
  const image = goldenInput(graph.network.inputShape)
  const inputNode = graph.nodes[graph.network.input]!
  const found = computed(graph, image)
  const nodes = [...found.keys()].filter((name) => name !== inputNode)
  const rank = shapeOfPlaceholder(artifacts, inputNode)
  const fed = rank === 3 ? tf.squeeze(image, [3]) : image.clone()
  const wanted = await executed(artifacts, { [inputNode]: fed }, nodes)
  const differences = [...wanted].map(([name, tensor]): [string, number] => [
    name,
    apart(found.get(name)!, tensor.dataSync()),
  ])
  for (const tensor of [image, fed, ...wanted.values()]) tensor.dispose()
  expect(differences.filter(([, difference]) => !(difference < tolerance))).toEqual([])
  return Math.max(...differences.map(([, difference]) => difference))
}

function shapeOfPlaceholder({ topology }: Artifacts, name: string): number {
  const found = topology.node.find((one) => one.name === name) as unknown as {
    attr: { shape: { shape: { dim: unknown[] } } }
  }
  return found.attr.shape.shape.dim.length
}
