/**
 * @file Keras' legacy HDF5 files: root attribute `model_config`, group `model_weights` with one group a layer whose
 * attribute `weight_names` lists its arrays. Written by `model.save("x.h5")` of Keras 1, 2 and 3
 * (keras/src/legacy/saving/legacy_h5_format.py).
 */
import { appError, messageOf } from '../../../core/errors.ts'
import { formatShape } from '../../../core/model/kinds/kind.ts'
import { readKerasConfig } from '../../../core/model/keras/kerasConfig.ts'
import { kerasNetwork } from '../../../core/model/keras/kerasNetwork.ts'
import { type Network, size, type SupportedLayer, type WeightSpec } from '../../../core/model/network.ts'
import { H5File, isHdf5, type H5Array } from './h5File.ts'
import type { ModelFormat, OpenedModel } from './format.ts'

export const kerasH5: ModelFormat = {
  name: 'Keras HDF5',
  accepts: (file) => isHdf5(file),
  async open(file) {
    const h5 = await H5File.open(file)
    try {
      return readModel(h5, file.name)
    } finally {
      h5.close()
    }
  },
}

function readModel(h5: H5File, file: string): OpenedModel {
  const configText = h5.textAttribute('/', 'model_config')
  if (configText === null) {
    const weightsOnly =
      h5.textsAttribute('/', 'layer_names').length > 0 ||
      h5.has('/layers') ||
      h5.has('/_layer_checkpoint_dependencies')
    throw weightsOnly ? appError('model/weights-only', { file }) : appError('model/not-keras', { file })
  }
  const network = readNetwork(configText, h5.textAttribute('/', 'keras_version'), file)

  const weights = new Map<number, readonly Float32Array[]>()
  const parameters = network.layers.map((layer, i) => {
    const arrays = layerArrays(h5, layer.name)
    if (layer.op !== null) weights.set(i, readWeights(arrays, layer, file))
    return arrays.reduce((sum, array) => sum + size(array.shape), 0)
  })
  return { network, weights, parameters }
}

function readNetwork(configText: string, kerasVersion: string | null, file: string): Network {
  let config: unknown
  try {
    config = JSON.parse(configText)
  } catch (error) {
    throw appError('model/bad-config', { file, reason: messageOf(error) })
  }
  try {
    const major = Number.parseInt(kerasVersion ?? '2', 10)
    return kerasNetwork(readKerasConfig(config), major)
  } catch (error) {
    throw appError('model/unsupported-model', { file, what: messageOf(error) })
  }
}

function layerArrays(h5: H5File, layer: string): H5Array[] {
  const group = `/model_weights/${layer}`
  return h5.has(group)
    ? h5.textsAttribute(group, 'weight_names').map((name) => h5.array(`${group}/${name}`))
    : []
}

function readWeights(arrays: readonly H5Array[], layer: SupportedLayer, file: string): Float32Array[] {
  if (arrays.length !== layer.weights.length)
    throw appError('model/weight-count', {
      file,
      layer: layer.name,
      expected: layer.weights.length,
      found: arrays.length,
    })
  return arrays.map((array, i) => readWeight(array, layer, layer.weights[i]!, file))
}

function readWeight(array: H5Array, layer: SupportedLayer, spec: WeightSpec, file: string): Float32Array {
  const where = { file, layer: layer.name, weight: spec.name }
  if (formatShape(array.shape) !== formatShape(spec.shape))
    throw appError('model/weight-shape', {
      ...where,
      expected: formatShape(spec.shape),
      found: formatShape(array.shape),
    })
  const values = array.floats()
  if (!values) throw appError('model/weight-type', { ...where, type: array.type })
  // A sum is finite only if all terms are, but for overflow, which no network survives either.
  if (!Number.isFinite(values.reduce((sum, value) => sum + value, 0)))
    throw appError('model/weight-not-finite', where)
  return values
}
