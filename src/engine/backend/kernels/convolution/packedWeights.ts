/**
 * @file Weights in the order in which programs read them, in the heap of tfjs' WASM backend: made once for each tensor of
 * weights, and freed with it, or when nothing reads them for a while.
 */
/* oxlint-disable no-underscore-dangle -- as tfjs names it */
import type * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'

interface Block {
  readonly address: number
  readonly bytes: number
}

/** Blocks of the heap by the key of what they hold. */
type Packed = Map<string, Block>

/** In the keys of what is packed for the way back. */
export const turnedKey = 'turned'

const stores = new WeakMap<BackendWasm, Map<object, Packed>>()

/**
 * The address of `bytes` bytes that belong to a tensor and that `fill` has filled, once for each `key`. Throws
 * `OutOfMemory`.
 */
export function packed(
  backend: BackendWasm,
  { dataId }: tf.TensorInfo,
  key: string,
  bytes: number,
  fill: (buffer: ArrayBuffer, address: number) => void,
): number {
  const store = storeOf(backend)
  let own = store.get(dataId)
  if (!own) store.set(dataId, (own = new Map()))
  const known = own.get(key)
  if (known) return known.address
  const address = backend.wasm._malloc(bytes) >>> 0
  own.set(key, { address, bytes })
  // After the allocation, because that may move the heap.
  fill(backend.wasm.HEAPU8.buffer as ArrayBuffer, address)
  return address
}

/** The bytes of all that is packed now. */
export function packedBytes(backend: BackendWasm): number {
  const blocks = [...storeOf(backend).values()].flatMap((own) => [...own.values()])
  return blocks.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** Frees all that is packed of a tensor. It is packed anew when it is wanted. */
export function unpack(backend: BackendWasm, { dataId }: tf.TensorInfo): void {
  const store = storeOf(backend)
  for (const { address } of store.get(dataId)?.values() ?? []) backend.wasm._free(address)
  store.delete(dataId)
}

/** The same of what is packed for the way back, of all tensors. */
export function unpackTurned(backend: BackendWasm): void {
  for (const own of storeOf(backend).values())
    for (const [key, { address }] of own) {
      if (!key.includes(turnedKey)) continue
      backend.wasm._free(address)
      own.delete(key)
    }
}

function storeOf(backend: BackendWasm): Map<object, Packed> {
  const known = stores.get(backend)
  if (known) return known
  const store = new Map<object, Packed>()
  stores.set(backend, store)
  const dispose = backend.disposeData.bind(backend)
  backend.disposeData = (dataId, force) => {
    const isGone = dispose(dataId, force)
    if (isGone) unpack(backend, { dataId } as tf.TensorInfo)
    return isGone
  }
  return store
}
