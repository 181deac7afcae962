/**
 * @file TensorFlow.js layers models: a JSON file with `modelTopology` (a Keras configuration, bare or as Keras' HDF5
 * files hold it) and `weightsManifest`. Also exports of Teachable Machine, whose metadata.json names the classes.
 */
import type { Json } from '../../../core/model/readJson.ts'
import { withKerasKeys } from '../../../core/model/keras/kerasKeys.ts'
import type { ModelFormat, OpenedModel } from './format.ts'
import { openKerasModel } from './kerasModel.ts'
import { type Candidate, folderOf, type ModelFiles } from './modelFiles.ts'
import { nestedArrays } from './nestedArrays.ts'
import { readManifest } from './tfjsWeights.ts'

export const tfjsLayers: ModelFormat = {
  id: 'tensorflow-js',
  async open(files, options) {
    for (const candidate of files) {
      const topology = topologyOf(candidate)
      const config = topology?.['model_config'] ?? topology
      if (!topology || !isConfig(config)) continue
      const manifest = (candidate.json as Json)['weightsManifest']
      const arrays = [...(await readManifest(manifest, files, candidate)).values()]
      const version = topology['keras_version'] ?? config['keras_version']
      const file = {
        label: candidate.label,
        config: withKerasKeys(config),
        version: typeof version === 'string' ? version : null,
        close: () => undefined,
      }
      const opened = openKerasModel(file, options, (root, specsOf) => nestedArrays(root, arrays, specsOf))
      return { ...opened, ...metadataOf(candidate, files) }
    }
    return null
  },
}

function isConfig(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && ('class_name' in value || 'className' in value)
}

function topologyOf({ json }: Candidate): Json | null {
  if (typeof json !== 'object' || json === null || !('modelTopology' in json)) return null
  const topology = json.modelTopology
  return typeof topology === 'object' && topology !== null ? (topology as Json) : null
}

function metadataOf({ path }: Candidate, files: ModelFiles): Pick<OpenedModel, 'labels' | 'madeBy'> {
  for (const file of files) {
    if (folderOf(file.path) !== folderOf(path) || typeof file.json !== 'object' || file.json === null)
      continue
    const { labels, tmVersion, packageName } = file.json as Json
    if (!Array.isArray(labels) || !labels.every((label) => typeof label === 'string')) continue
    const isTeachable = tmVersion !== undefined || String(packageName).includes('teachablemachine')
    return { labels, ...(isTeachable ? { madeBy: 'Teachable Machine' } : {}) }
  }
  return {}
}
