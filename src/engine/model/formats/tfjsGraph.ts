/**
 * @file TensorFlow.js graph models: a JSON file whose `modelTopology` is a TensorFlow GraphDef, and a
 * `weightsManifest` with the constants by the names of their nodes.
 */
import { baseName } from '../../../core/paths.ts'
import { graphNetwork, type GraphNetwork } from '../../../core/model/tensorflow/graphNetwork.ts'
import type { Json } from '../../../core/model/readJson.ts'
import type { ModelFormat, OpenOptions } from './format.ts'
import { type Candidate, folderOf } from './modelFiles.ts'
import { refusedNetwork } from './refusedNetwork.ts'
import { type StoredArray, storedModel } from './storedWeights.ts'
import { readManifest } from './tfjsWeights.ts'

export const tfjsGraph: ModelFormat = {
  id: 'tensorflow-js',
  async open(files, options) {
    const model = files.find(isGraphModel)
    if (!model) return null
    const constants = await readManifest((model.json as Json)['weightsManifest'], files, model)
    const { network, constants: arrays } = readNetwork(model, constants, options)
    return storedModel(model.label, network, arrays, () => undefined)
  },
}

function isGraphModel({ json }: Candidate): boolean {
  if (typeof json !== 'object' || json === null || !('modelTopology' in json)) return false
  const { modelTopology } = json
  return typeof modelTopology === 'object' && modelTopology !== null && 'node' in modelTopology
}

function readNetwork(
  model: Candidate,
  constants: ReadonlyMap<string, StoredArray>,
  options: OpenOptions,
): GraphNetwork {
  const { modelTopology, signature, userDefinedMetadata } = model.json as Json
  const older = (userDefinedMetadata as Json | null | undefined)?.['signature']
  try {
    return graphNetwork(modelTopology, constants, {
      name: nameOf(model),
      signature: signature ?? older,
      inputSize: options.inputSize,
    })
  } catch (error) {
    throw refusedNetwork(model.label, error)
  }
}

/** Every graph is called model.json: the name of its folder says more. */
function nameOf({ path }: Candidate): string {
  return baseName(folderOf(path).slice(0, -1)) || baseName(path).replace(/\.json$/i, '')
}
