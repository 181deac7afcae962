/**
 * @file Files in memory in place of Node's, for the thread in which the parsers run: the engine reads parts of files
 * synchronously, which only browsers' workers can, and a hundred thousand files are read the faster. Allocations that no
 * file here may need are refused at once.
 */

type Part = Uint8Array | ArrayBuffer | string | MemoryBlob

export class MemoryBlob {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly type = ''

  constructor(parts: readonly Part[] = []) {
    const pieces = parts.map(bytesOf)
    const [only] = pieces
    if (pieces.length === 1 && only) this.bytes = only
    else {
      this.bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
      let at = 0
      for (const piece of pieces) {
        this.bytes.set(piece, at)
        at += piece.length
      }
    }
  }

  get size(): number {
    return this.bytes.length
  }

  slice(start?: number, end?: number): MemoryBlob {
    return new MemoryBlob([this.bytes.subarray(start, end)])
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return Promise.resolve(this.bytes.slice().buffer)
  }

  text(): Promise<string> {
    return Promise.resolve(new TextDecoder().decode(this.bytes))
  }

  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const { bytes } = this
    return new ReadableStream({
      start(controller) {
        if (bytes.length > 0) controller.enqueue(bytes.slice())
        controller.close()
      },
    })
  }
}

export class MemoryFile extends MemoryBlob {
  readonly name: string

  constructor(parts: readonly Part[], name: string) {
    super(parts)
    this.name = name
  }
}

function bytesOf(part: Part): Uint8Array<ArrayBuffer> {
  if (typeof part === 'string') return new TextEncoder().encode(part)
  if (part instanceof MemoryBlob) return part.bytes
  return (part instanceof ArrayBuffer ? new Uint8Array(part) : part) as Uint8Array<ArrayBuffer>
}

class MemoryReaderSync {
  readAsArrayBuffer(blob: MemoryBlob): ArrayBuffer {
    return blob.bytes.slice().buffer
  }
}

/** geotiff reads with it. */
class MemoryReader {
  result: ArrayBuffer | null = null
  onload: (() => void) | null = null

  readAsArrayBuffer(blob: MemoryBlob): void {
    this.result = blob.bytes.slice().buffer
    queueMicrotask(() => this.onload?.())
  }
}

class MemoryResponse {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>

  constructor(body: ReadableStream<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer>) {
    this.body = body instanceof ReadableStream ? body : new MemoryBlob([body]).stream()
  }

  async blob(): Promise<MemoryBlob> {
    const parts: Uint8Array[] = []
    const reader = this.body.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return new MemoryBlob(parts)
      parts.push(value)
    }
  }
}

/** The most bytes that may be allocated at once. */
const mostBytes = 2 ** 30

/** The constructor, which throws if so much memory is asked for; the error is no sentence, so it is a failure. */
function bounded<T extends object>(constructor: T, bytesEach: number): T {
  return new Proxy(constructor, {
    construct(target, args: unknown[], newTarget: () => unknown) {
      const [length] = args
      if (typeof length === 'number' && length * bytesEach > mostBytes)
        throw new Error(`allocates ${length * bytesEach} bytes`)
      return Reflect.construct(target as () => unknown, args, newTarget) as object
    },
  })
}

const arrays = [
  Uint8Array,
  Uint8ClampedArray,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
]

export function useMemoryFiles(): void {
  const own: Record<string, unknown> = {
    Blob: MemoryBlob,
    File: MemoryFile,
    FileReaderSync: MemoryReaderSync,
    FileReader: MemoryReader,
    Response: MemoryResponse,
    ArrayBuffer: bounded(ArrayBuffer, 1),
    // h5wasm asks for it, as it reads files in browsers' workers only.
    WorkerGlobalScope: Object,
  }
  for (const array of arrays) own[array.name] = bounded(array, array.BYTES_PER_ELEMENT)
  Object.assign(globalThis, own)
}
