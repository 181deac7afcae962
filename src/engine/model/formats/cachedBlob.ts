/**
 * @file A file as HDF5 reads it: hundreds of small reads of a group's or an array's header, each of which costs
 * emscripten's WORKERFS a FileReaderSync of its own (half of the time to open ResNet50). So small reads come out of
 * blocks that are kept. Can go when WORKERFS reads ahead itself.
 */
import { readBytes } from './bytes.ts'

const blockBytes = 1 << 16
const keptBlocks = 64

/** A slice as WORKERFS needs it: its size, and its bytes through the reader. */
interface Slice {
  readonly size: number
  bytes(): ArrayBuffer
}

/** A mounted file as WORKERFS needs it. */
export interface CachedBlob {
  readonly size: number
  slice(start: number, end: number): Slice
}

/** Is used as `WORKERFS.reader`. */
export const cachedReader = { readAsArrayBuffer: (slice: Slice): ArrayBuffer => slice.bytes() }

export function cachedBlob(blob: Blob): CachedBlob {
  const blocks = new Map<number, ArrayBuffer>()
  const block = (index: number): ArrayBuffer => {
    const start = index * blockBytes
    const found = blocks.get(index) ?? readBytes(blob.slice(start, start + blockBytes))
    // The block that was used last is the last to be dropped.
    blocks.delete(index)
    blocks.set(index, found)
    const [oldest] = blocks.keys()
    if (blocks.size > keptBlocks && oldest !== undefined) blocks.delete(oldest)
    return found
  }
  const read = (start: number, end: number): ArrayBuffer => {
    const index = Math.floor(start / blockBytes)
    const offset = index * blockBytes
    // A read beyond one block is large, or rare.
    if (end > offset + blockBytes) return readBytes(blob.slice(start, end))
    return block(index).slice(start - offset, end - offset)
  }
  return {
    size: blob.size,
    slice(start, end) {
      const stop = Math.max(start, Math.min(end, blob.size))
      return { size: stop - start, bytes: () => withoutEndlessHeap(read(start, stop)) }
    },
  }
}

const heapSignature = [...'GCOL'].map((letter) => letter.charCodeAt(0))
/** The bytes of a heap before its objects, and of an object before its content. */
const [heapHead, objectHead] = [16, 16]

/**
 * HDF5 steps through a heap (HDF5 File Format Specification, section III.E) from object to object, and stays for ever where a free
 * space says that it has no bytes, or an object so many that their number begins at 0 again. Such a heap loses its signature here,
 * so that HDF5 refuses it.
 */
function withoutEndlessHeap(bytes: ArrayBuffer): ArrayBuffer {
  const view = new DataView(bytes)
  if (bytes.byteLength < heapHead || !heapSignature.every((letter, i) => view.getUint8(i) === letter))
    return bytes
  const end = Number(view.getBigUint64(8, true))
  for (let at = heapHead; at + objectHead <= Math.min(end, bytes.byteLength);) {
    const size = Number(view.getBigUint64(at + 8, true))
    const isFree = view.getUint16(at, true) === 0
    if (size > end - at || (isFree && size === 0)) {
      view.setUint32(0, 0)
      return bytes
    }
    at += isFree ? size : objectHead + Math.ceil(size / 8) * 8
  }
  return bytes
}
