/** @file The sentence for a network that cannot be read, for all formats. */
import { AppError, appError, reasonOf } from '../../../core/errors.ts'
import { mostLayers, TooManyLayers } from '../../../core/model/mostLayers.ts'

/** Our own errors stay as they are; of any other the message is the reason, in words. `file` is for messages. */
export function refusedNetwork(file: string, error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof TooManyLayers)
    return appError('model/too-many-layers', { file, layers: error.layers, most: mostLayers })
  return appError('model/unsupported-model', { file, what: reasonOf(error) })
}
