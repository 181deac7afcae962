/**
 * @file Keys of a configuration as Keras spells them. TensorFlow.js takes every key in its own spelling too
 * (`batchInputShape` for `batch_input_shape`), and a model.json that was mended by hand may have either.
 */

/** The same value with the keys of all objects in it in Keras' spelling. */
export function withKerasKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withKerasKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [inKeras(key), withKerasKeys(inner)]))
}

function inKeras(key: string): string {
  return /^[a-z]+([A-Z][a-z]*)+$/.test(key)
    ? key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    : key
}
