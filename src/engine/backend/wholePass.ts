/**
 * @file Does work on the backend that leaves nothing behind if it fails. tfjs' `tidy` frees tensors; but a kernel that
 * throws in the middle leaks its intermediate results, for which there are no tensors.
 */
import * as tf from '@tensorflow/tfjs'

/** The maps in which tfjs' backends (WASM, WebGL, WebGPU) keep their data; the keys are the data's identities. */
interface Storage {
  set(data: object, value: unknown): void
  has(data: object): boolean
}

/**
 * Does `work`, which is synchronous. If it throws, `onFailure` gets a function that frees all that the backend has made
 * meanwhile and still holds; it may be called once nothing waits for that any more.
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
