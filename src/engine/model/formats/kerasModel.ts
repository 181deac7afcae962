/**
 * @file Makes an opened model of a Keras configuration and the arrays that each layer has in the file, for all formats of
 * Keras.
 */
import { type KerasNode, readKerasConfig } from '../../../core/model/keras/kerasConfig.ts'
import { type KerasNetwork, kerasNetwork } from '../../../core/model/keras/kerasNetwork.ts'
import type { WeightSpec } from '../../../core/model/network.ts'
import type { OpenedModel, OpenOptions } from './format.ts'
import { refusedNetwork } from './refusedNetwork.ts'
import type { StoredArray } from './storedWeights.ts'
import { storedModel } from './storedWeights.ts'

export interface KerasFile {
  /** The file's name, for messages. */
  readonly label: string
  readonly config: unknown
  /** The version of the Keras that wrote it; null if the file does not tell. */
  readonly version: string | null
  close(): void
}

/** The arrays that a network computes a layer with; null for layers that are not computed. */
export type SpecsOf = (node: KerasNode) => readonly WeightSpec[] | null

/** All arrays of the file, by layer. */
export type FindArrays = (root: KerasNode, specsOf: SpecsOf) => ReadonlyMap<KerasNode, readonly StoredArray[]>

/** Closes the file if it cannot be opened. Throws `model/unsupported-model` and `model/weight-…`. */
export function openKerasModel(file: KerasFile, options: OpenOptions, findArrays: FindArrays): OpenedModel {
  const { label, close } = file
  try {
    const { root, network, nodes } = readNetwork(file, options)
    const specs = new Map(
      network.layers.map((layer, i) => [nodes[i]!, layer.op === null ? null : layer.weights]),
    )
    const arrays = findArrays(root, (node) => specs.get(node) ?? null)
    return storedModel(
      label,
      network,
      nodes.map((node) => arrays.get(node) ?? []),
      close,
    )
  } catch (error) {
    close()
    throw error
  }
}

function readNetwork(
  { label, config, version }: KerasFile,
  { inputSize }: OpenOptions,
): KerasNetwork & { root: KerasNode } {
  try {
    // The oldest files do not tell.
    const kerasMajor = Number.parseInt(version ?? '', 10) || 2
    const model = readKerasConfig(config, kerasMajor)
    return { ...kerasNetwork(model, { kerasMajor, inputSize }), root: model.root }
  } catch (error) {
    throw refusedNetwork(label, error)
  }
}

/** The layers of a model that are no models themselves, in the file's order. */
export function leavesOf(model: KerasNode): KerasNode[] {
  return model.children.flatMap((child) => (child.children.length > 0 ? leavesOf(child) : [child]))
}
