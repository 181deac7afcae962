/**
 * @file Read-only HDF5 through h5wasm. The file is mounted (WORKERFS), not copied: arrays are read from it one by
 * one, large ones in parts, so a model is never held twice.
 */
import type { Dataset, File as H5wasmFile, Group } from 'h5wasm'
import { AppError, appError, messageOf } from '../../../core/errors.ts'
import { elementCount } from '../../../core/model/network.ts'
import { cachedBlob, cachedReader } from './cachedBlob.ts'
import { type H5Module, readDataset, typeOfDataset } from './h5Values.ts'
import { MemoryRefused, withMemory } from './h5Memory.ts'
import { hdf5HeadBytes, superblockOffset } from './hdf5Signature.ts'
import { lastDiagnostic, loadH5wasm, withoutComplaint } from './quietH5wasm.ts'
import type { StoredArray } from './storedWeights.ts'

let mounts = 0

/** What HDF5 keeps of an open file (32 MB of headers, 8 MB of an array), and what it works with. */
const workingBytes = 2 ** 26
/** An array that is compressed is in memory packed, unpacked and in the making, and its memory grows by doubling. */
const copiesOfArray = 8

export class H5File {
  readonly #file: H5wasmFile
  readonly #module: H5Module
  readonly #name: string
  readonly #bytes: number
  readonly #unmount: () => void

  private constructor(file: H5wasmFile, module: H5Module, name: string, bytes: number, unmount: () => void) {
    this.#file = file
    this.#module = module
    this.#name = name
    this.#bytes = bytes
    this.#unmount = unmount
  }

  /** `name` is for messages. Throws `model/truncated`, `model/open-for-writing` and `model/damaged`. */
  static async open(file: Blob, name: string): Promise<H5File> {
    await refuseUnreadable(file, name)
    const h5wasm = await loadH5wasm()
    const module = await h5wasm.ready
    const { FS } = module
    const folder = `/model${mounts++}`
    FS.mkdir(folder)
    const workerFs = FS.filesystems['WORKERFS']
    Object.assign(workerFs, { reader: cachedReader })
    FS.mount(workerFs, { blobs: [{ name: 'model.h5', data: cachedBlob(file) }] }, folder)
    const unmount = (): void => {
      FS.unmount(folder)
      FS.rmdir(folder)
    }
    try {
      const opened = withMemory(module.HEAPU8.length + workingBytes + file.size, () => {
        const h5 = new h5wasm.File(`${folder}/model.h5`, 'r')
        // An unreadable file opens with an invalid id and fails later, at the first access.
        h5.keys()
        return h5
      })
      return new H5File(opened, module, name, file.size, unmount)
    } catch (error) {
      unmount()
      throw damagedFile(name, error)
    }
  }

  /** What cannot be closed any more ends with the worker. */
  close(): void {
    try {
      this.#file.close()
      this.#unmount()
    } catch {
      // A damaged file has led HDF5 astray.
    }
  }

  has(path: string): boolean {
    return this.#read(() => this.#entity(path) !== null)
  }

  /** A string attribute, of variable or fixed length; null if there is none. */
  textAttribute(path: string, name: string): string | null {
    return this.#read(() => {
      const value = this.#entity(path)?.attrs[name]?.value
      if (value === undefined || value === null) return null
      return Array.isArray(value) ? String(value[0]) : textOf(value)
    })
  }

  /** An array of strings; Keras splits those beyond 64 kB into `name0`, `name1` … */
  textsAttribute(path: string, name: string): string[] {
    return this.#read(() => {
      const attributes = this.#entity(path)?.attrs ?? {}
      const whole = attributes[name]?.value
      if (whole !== undefined) return Array.isArray(whole) ? whole.map(textOf) : []
      const texts: string[] = []
      for (let chunk = attributes[`${name}0`], n = 1; chunk; chunk = attributes[`${name}${n++}`])
        texts.push(...(chunk.value as unknown[]).map(textOf))
      return texts
    })
  }

  /** The names of a group's members; none if it is no group. */
  keys(path: string): string[] {
    return this.#read(() => {
      const entity = this.#entity(path)
      return entity?.type === 'Group' ? (entity as Group).keys() : []
    })
  }

  /** `name` is the array's within the model. */
  array(path: string, name: string): StoredArray {
    return this.#read(() => {
      const dataset = this.#entity(path) as Dataset | null
      if (dataset?.type !== 'Dataset') throw new Error(`the array ${path} is missing`)
      const shape = dataset.shape ?? []
      const bytes = elementCount(shape) * dataset.metadata.size
      return {
        name,
        shape,
        type: typeOfDataset(dataset),
        floats: () => this.#read(() => readDataset(dataset, this.#module), copiesOfArray * bytes),
      }
    })
  }

  #entity(path: string): Group | Dataset | null {
    return (path === '/' ? this.#file : this.#file.get(path)) as Group | Dataset | null
  }

  /**
   * If h5wasm throws anything, the file is damaged; or if HDF5 needs more memory than everything in the file, and the `bytes` that are
   * known to be needed.
   */
  #read<T>(action: () => T, bytes = 0): T {
    const most = this.#module.HEAPU8.length + workingBytes + this.#bytes + bytes
    try {
      return withMemory(most, () => withoutComplaint(action))
    } catch (error) {
      if (error instanceof AppError) throw error
      throw damagedFile(this.#name, error)
    }
  }
}

/** By the version of the superblock: the offsets of the base address, which all others count from, and of the file's end. */
const addressesAt: Readonly<Record<number, { readonly base: number; readonly end: number }>> = {
  0: { base: 24, end: 40 },
  1: { base: 28, end: 44 },
  2: { base: 12, end: 28 },
  3: { base: 12, end: 28 },
}

/** More bytes than any file has; a larger number is damage. */
const largestFile = 2 ** 50

/**
 * The superblock says where the file ends (HDF5 File Format Specification, section II.A), so a cut file is known
 * before anything is read. Behind a user block the end is counted from the file's first byte, and the base address
 * says how long the block is; if a block was put before a file afterwards, the base is still 0.
 */
async function refuseUnreadable(file: Blob, name: string): Promise<void> {
  const damaged = (reason: string): AppError => appError('model/damaged', { file: name, reason })
  const head = new Uint8Array(await file.slice(0, hdf5HeadBytes).arrayBuffer())
  const offset = superblockOffset(head) ?? 0
  const bytes = await file.slice(offset, offset + 64).arrayBuffer()
  const view = new DataView(bytes)
  if (bytes.byteLength < 64) throw damaged('it ends within its header')
  const version = view.getUint8(8)
  const at = addressesAt[version]
  if (at === undefined) throw damaged(`its header has version ${version}`)
  const lengthOfOffsets = view.getUint8(version < 2 ? 13 : 9)
  // All programs write 8-byte offsets; with others nothing is checked here, and HDF5 itself decides.
  if (lengthOfOffsets !== 8) return
  const [base, end] = [at.base, at.end].map((byte) => Number(view.getBigUint64(byte, true)))
  const expected = end! - base! + offset
  if (base! > largestFile || expected > largestFile || expected < 64)
    throw damaged('its header names a length that no file has')
  if (file.size < expected) throw appError('model/truncated', { file: name, bytes: file.size, expected })
  // Since version 3 a program marks the file while it has it open for writing.
  if (version === 3 && (view.getUint8(11) & 5) !== 0) throw appError('model/open-for-writing', { file: name })
}

function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value).replace(/\0+$/, '')
  return String(value)
}

function damagedFile(file: string, cause: unknown): AppError {
  return Object.assign(appError('model/damaged', { file, reason: plainReason(cause) }), { cause })
}

/** HDF5 reports a stack of errors, one a line, in its own words; the user needs one clause, and the name of its source. */
function plainReason(error: unknown): string {
  const diagnostic = lastDiagnostic()
  // HDF5 has read where nothing is.
  if (error instanceof WebAssembly.RuntimeError) return 'its parts contradict each other'
  if (error instanceof MemoryRefused) return 'one of its parts claims to be longer than the whole file'
  const text = diagnostic ?? messageOf(error).split('\n')[0]!.trim()
  const short = text.length > 120 ? `${text.slice(0, 117)}…` : text
  return diagnostic === null ? short : `its parts contradict each other; HDF5 says “${short}”`
}
