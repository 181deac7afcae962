/**
 * @file Keras models in parts, configuration and weights: the archive `.keras` (config.json, metadata.json,
 * model.weights.h5), the same unpacked, or weights of `save_weights` beside what `to_json()` gives, under any names.
 */
import { baseName } from '../../../core/paths.ts'
import { appError } from '../../../core/errors.ts'
import type { Json } from '../../../core/model/readJson.ts'
import type { ModelFormat } from './format.ts'
import { holdsWeights, weightsFileArrays } from './h5Arrays.ts'
import { H5File } from './h5File.ts'
import { openKerasModel } from './kerasModel.ts'
import { type Candidate, folderOf, type ModelFiles } from './modelFiles.ts'

export const kerasParts: ModelFormat = {
  id: 'keras',
  async open(files, options) {
    const config = files.find(isConfig)
    const weights = files.filter(({ isHdf5 }) => isHdf5)
    // Its own weights lie beside it.
    const own = config && weights.find(({ path }) => folderOf(path) === folderOf(config.path))
    const file = own ?? weights[0]
    if (!file) {
      if (!config) return null
      const numpy = files.find(({ path }) => /weights[^/]*\.npz$/i.test(path))
      throw numpy
        ? appError('model/numpy-weights', { file: config.label, weights: baseName(numpy.path) })
        : appError('model/no-weights', { file: config.label })
    }
    const h5 = await H5File.open(await file.content(), file.label)
    if (!config || !holdsWeights(h5)) {
      const known = holdsWeights(h5)
      h5.close()
      throw known
        ? appError('model/weights-only', { file: file.label })
        : appError('model/not-keras', { file: file.label })
    }
    const parts = {
      label: file.label,
      config: config.json,
      version: versionOf(config, files),
      close: () => h5.close(),
    }
    return openKerasModel(parts, options, (root, specsOf) => weightsFileArrays(h5, root, specsOf))
  },
}

function isConfig({ json }: Candidate): boolean {
  return typeof json === 'object' && json !== null && 'class_name' in json && 'config' in json
}

/** The version that `to_json()` of Keras 2 or metadata.json says; Keras 3 is known by keys that it alone writes. */
function versionOf({ path, json }: Candidate, files: ModelFiles): string | null {
  const metadata = files.find(
    (file) => folderOf(file.path) === folderOf(path) && baseName(file.path) === 'metadata.json',
  )
  for (const source of [json, metadata?.json] as (Json | undefined)[])
    if (typeof source?.['keras_version'] === 'string') return source['keras_version']
  return 'registered_name' in (json as Json) ? '3' : null
}
