/**
 * @file Lists a piece of a tar archive (POSIX pax and ustar, GNU long names), which has a header of 512 bytes before
 * each file. Small files are read through to reach the next header; large ones are skipped.
 */
import { appError } from '../../core/errors.ts'
import type { ArchiveCursor, ArchivePiece } from './archivePiece.ts'
import { filesPerPiece, PieceBuilder } from './pieceBuilder.ts'

/** The length of a header; contents are padded to a multiple of it. */
export const tarBlock = 512
const block = tarBlock
/** Reading a piece of this size costs as much as some ten calls. */
const windowBytes = 4e6
/** From this distance on, skipping is cheaper than reading through. */
const leapBytes = 400_000
const smallWindow = 16_384
/** Long enough to be worth a message, and short enough to show progress. */
const pieceMs = 200

/** Whether a file with these first bytes is a tar archive. */
export function isTar(head: Uint8Array): boolean {
  return head.length >= tarBlock && hasChecksum(head)
}

/** Throws `archive/damaged`. */
export async function listTar(
  file: Blob,
  label: string,
  cursor: ArchiveCursor | null,
): Promise<ArchivePiece> {
  const damaged = (reason: string): Error => appError('archive/damaged', { file: label, reason })
  const reader = new WindowReader(file)
  const piece = new PieceBuilder()
  const begun = performance.now()
  let at = cursor?.at ?? 0
  let extension: Extension = {}
  for (;;) {
    const header = await reader.read(at, block)
    // Two blocks of zeros are the end, but many writers leave out one or both.
    if (header.every((byte) => byte === 0)) {
      if (at === 0) throw damaged('it is empty')
      return piece.build('stored', null)
    }
    if (header.length < block || !hasChecksum(header))
      throw damaged(at === 0 ? 'it is neither a zip nor a tar archive' : 'a header in it is broken')
    const type = header[156] === 0 ? '0' : String.fromCharCode(header[156]!)
    const bytes = withoutContent.has(type) ? 0 : (extension.bytes ?? numberOf(header, 124, 12))
    const content = at + block + (type === 'S' ? await sparseMapBytes(reader, at, header) : 0)
    at = content + Math.ceil(bytes / block) * block
    if (content + bytes > file.size) throw damaged('it is cut off')
    if (type === 'x') extension = { ...extension, ...paxOf(await reader.read(content, bytes)) }
    else if (type === 'L') extension = { ...extension, path: textOf(await reader.read(content, bytes)) }
    else if (type === 'K') extension = { ...extension, target: textOf(await reader.read(content, bytes)) }
    else if (type !== 'g') {
      const path = extension.path ?? pathOf(header)
      const target = extension.target ?? textOf(header.subarray(157, 257))
      if (type === '1') piece.addLink(path, 'hard', target)
      else if (type === '2') piece.addLink(path, 'symbolic', target)
      else if (type === 'S' || extension.isSparse) piece.leaveOut(path, 'a sparse file of tar')
      else if (type === '0' || type === '7') {
        if (!path.endsWith('/')) piece.add(path, content, bytes, bytes)
      } else if (!directories.has(type)) piece.leaveOut(path, kinds[type] ?? `an entry of type “${type}”`)
      extension = {}
      // A piece ends between two files, so that nothing said about the next file gets lost.
      if (piece.count >= filesPerPiece || performance.now() - begun > pieceMs)
        return piece.build('stored', { at, end: file.size, before: 0 })
    }
  }
}

/** Links and devices have no content, whatever size their header says: old programs write that of the link's target. */
const withoutContent = new Set('123456')
/** Directories; also GNU's lists of what a directory holds, and the name of a volume. */
const directories = new Set('5DV')
const kinds: Readonly<Record<string, string>> = {
  '3': 'a device',
  '4': 'a device',
  '6': 'a pipe',
  M: 'the rest of a file that begins in another volume',
}

/** The number of bytes of GNU's map of a sparse file that lie in blocks of their own between header and content. */
async function sparseMapBytes(reader: WindowReader, at: number, header: Uint8Array): Promise<number> {
  let length = 0
  for (let goesOn = header[482] === 1; goesOn; length += block) {
    const map = await reader.read(at + block + length, block)
    goesOn = map[504] === 1
  }
  return length
}

/** What a block before a file says about the file. */
interface Extension {
  readonly path?: string
  readonly bytes?: number
  /** The target of a link. */
  readonly target?: string
  /** The file is sparse in POSIX form: its content begins with a map, or is one. */
  readonly isSparse?: boolean
}

class WindowReader {
  readonly #file: Blob
  #start = 0
  #bytes = new Uint8Array()

  constructor(file: Blob) {
    this.#file = file
  }

  /** Reads `length` bytes; fewer at the end of the file. */
  async read(at: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const end = this.#start + this.#bytes.length
    if (at < this.#start || at + length > end) {
      const isLeap = end > 0 && at - end > leapBytes
      const size = Math.max(length, isLeap ? smallWindow : windowBytes)
      this.#start = at
      this.#bytes = new Uint8Array(await this.#file.slice(at, at + size).arrayBuffer())
    }
    return this.#bytes.subarray(at - this.#start, at - this.#start + length)
  }
}

/** Whether the header's checksum is right: the sum of all its bytes, with blanks in place of the sum itself. */
function hasChecksum(header: Uint8Array): boolean {
  let sum = 8 * 32
  for (let i = 0; i < block; i++) if (i < 148 || i >= 156) sum += header[i]!
  return sum === numberOf(header, 148, 8)
}

/** Reads octal digits, or a number to base 256 if the first bit is set (GNU, for files of 8 GB and more). */
function numberOf(header: Uint8Array, at: number, length: number): number {
  const field = header.subarray(at, at + length)
  if ((field[0]! & 0x80) === 0) return Number.parseInt(textOf(field).trim() || '0', 8)
  return field.subarray(1).reduce((total, byte) => total * 256 + byte, field[0]! & 0x7f)
}

const decoder = new TextDecoder()

/** The text up to its NUL. */
function textOf(bytes: Uint8Array<ArrayBuffer> | Uint8Array): string {
  const end = bytes.indexOf(0)
  return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end))
}

function pathOf(header: Uint8Array): string {
  const name = textOf(header.subarray(0, 100))
  // GNU's headers have blanks after `ustar`, and other things in place of the prefix.
  const isPosix = textOf(header.subarray(257, 263)) === 'ustar' && header[262] === 0
  const prefix = isPosix ? textOf(header.subarray(345, 500)) : ''
  return prefix === '' ? name : `${prefix}/${name}`
}

/** Reads records `length key=value\n`; the length counts the bytes of the whole record. */
function paxOf(bytes: Uint8Array): Extension {
  let found: Extension = {}
  for (let at = 0; at < bytes.length;) {
    const blank = bytes.indexOf(32, at)
    const length = blank < 0 ? Number.NaN : Number(decoder.decode(bytes.subarray(at, blank)))
    if (!(length > 0)) break
    const [key, value = ''] = decoder.decode(bytes.subarray(blank + 1, at + length - 1)).split(/=(.*)/s)
    // GNU writes the real name of a sparse file here, and a made-up one as `path`.
    if (key === 'GNU.sparse.name') found = { ...found, path: value }
    else if (key === 'path' && !found.isSparse) found = { ...found, path: value }
    if (key?.startsWith('GNU.sparse.')) found = { ...found, isSparse: true }
    if (key === 'linkpath') found = { ...found, target: value }
    if (key === 'size') found = { ...found, bytes: Number(value) }
    at += length
  }
  return found
}
