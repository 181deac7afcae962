/**
 * @file Keras' legacy HDF5 files: root attribute `model_config`, group `model_weights`. Written by
 * `model.save("x.h5")` of Keras 1, 2 and 3 (keras/src/legacy/saving/legacy_h5_format.py).
 */
import { appError, messageOf } from '../../../core/errors.ts'
import { parseJson } from '../../../core/parseJson.ts'
import type { ModelFormat } from './format.ts'
import { legacyArrays } from './h5Arrays.ts'
import { H5File } from './h5File.ts'
import { openKerasModel } from './kerasModel.ts'

export const kerasH5: ModelFormat = {
  id: 'keras',
  async open(files, options) {
    for (const { isHdf5, content, label } of files) {
      if (!isHdf5) continue
      const h5 = await H5File.open(await content(), label)
      const text = h5.textAttribute('/', 'model_config')
      if (text === null) {
        h5.close()
        continue
      }
      const file = {
        label,
        config: parsedConfig(text, h5, label),
        version: h5.textAttribute('/', 'keras_version'),
        close: () => h5.close(),
      }
      return openKerasModel(file, options, (root, specsOf) =>
        legacyArrays(h5, '/model_weights', root, specsOf),
      )
    }
    return null
  },
}

function parsedConfig(text: string, h5: H5File, label: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    h5.close()
    throw appError('model/bad-config', { file: label, reason: messageOf(error) })
  }
}
