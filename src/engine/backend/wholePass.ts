/**
 * @file Work on the backend that leaves nothing behind where it fails. tfjs' `tidy` frees tensors; but a kernel that
 * throws in the middle forgets its intermediate results, which no tensor stands for.
 */
import * as tf from '@tensorflow/tfjs'

/** Where tfjs' backends (WASM, WebGL, WebGPU) keep what they hold; the key is the data's identity. */
interface Storage {
  set(data: object, value: unknown): void
  has(data: object): boolean
}

/**
 * Does `work`, which is synchronous. Where it throws, all that the backend has made meanwhile and still holds can be
 * freed by the function that `onFailure` gets, once nothing waits for it any more.
 */
export function wholePass<T>(work: () => T, onFailure: (free: () => void) => void): T {
  const backend = tf.backend()
  const { dataIdMap, texData, tensorMap } = backend as Partial<
    Record<'dataIdMap' | 'texData' | 'tensorMap', Storage>
  >
  const storage = (dataIdMap ?? texData ?? tensorMap)!
  const made: object[] = []
  const set = storage.set
  storage.set = (data, value) => {
    made.push(data)
    set.call(storage, data, value)
  }
  try {
    return work()
  } catch (error) {
    onFailure(() => {
      for (const data of made) if (storage.has(data)) backend.disposeData(data, true)
    })
    throw error
  } finally {
    storage.set = set
  }
}
