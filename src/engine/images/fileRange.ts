/**
 * @file Many small files in one read. A read of a file costs the browser 2–3 ms of processor time however small the
 * file is, as it goes through another process; of sixteen together 0.7 ms each (18 kB, Chromium on 2 cores).
 */
import type { ImageHandle } from './imageHandle.ts'

/** What a handle stands for, as it lies in its file. */
export type FileRange = Uint8Array<ArrayBuffer>

/** Larger files are read by those who decode them, part by part. */
const maxRangeBytes = 2 ** 20

/**
 * What lies between two places of a file is read along up to here. A part of a file (`Blob.slice`) costs more than that,
 * and Chromium keeps 0.9 kB of each until the page is closed: 180 MB after 100,000 images.
 */
const maxGapBytes = 2 ** 15

/** Before a zip entry's content comes its local header: 30 bytes, its name, and fields of which nobody knows the length. */
const zipHeaderBytes = 1024

interface Place {
  readonly file: Blob
  readonly start: number
  readonly end: number
}

/** Of one file, for places that lie close together. */
interface Piece extends Place {
  readonly places: Set<Place>
}

/**
 * In the order of the handles; null where a file is too large to be held, is an address, or cannot be read, which is
 * then told by who reads it alone.
 */
export async function readRanges(handles: readonly ImageHandle[]): Promise<(FileRange | null)[]> {
  const places = handles.map(placeOf)
  const pieces = piecesOf(places.filter((place) => place !== null))
  if (pieces.length === 0) return places.map(() => null)
  let bytes: ArrayBuffer
  try {
    const [content, ...others] = pieces.map(contentOf)
    bytes = await (others.length === 0 ? content! : new Blob([content!, ...others])).arrayBuffer()
  } catch {
    return places.map(() => null)
  }
  const ranges = new Map<Place, FileRange>()
  let at = 0
  for (const piece of pieces) {
    for (const place of piece.places)
      ranges.set(place, new Uint8Array(bytes, at + place.start - piece.start, place.end - place.start))
    at += piece.end - piece.start
  }
  return places.map((place) => place && ranges.get(place)!)
}

/** Of one file. */
export async function readRange(handle: ImageHandle): Promise<FileRange | null> {
  return (await readRanges([handle]))[0]!
}

/** Handles in their order, as many at a time as are read together. */
export function inGroups<T extends { readonly handle: ImageHandle }>(items: readonly T[]): T[][] {
  const groups: T[][] = []
  let bytes = Infinity
  for (const item of items) {
    const place = placeOf(item.handle)
    const size = place ? place.end - place.start : 0
    if (bytes + size > maxRangeBytes) {
      groups.push([])
      bytes = 0
    }
    groups.at(-1)!.push(item)
    bytes += size
  }
  return groups
}

/** Those of one file in one piece, as far as they lie close together. */
function piecesOf(places: readonly Place[]): Piece[] {
  const pieces: Piece[] = []
  for (const file of new Set(places.map((place) => place.file))) {
    const own = places.filter((place) => place.file === file)
    let last: { file: Blob; start: number; end: number; places: Set<Place> } | null = null
    for (const place of own.toSorted((a, b) => a.start - b.start)) {
      const { start, end } = place
      if (last && start - last.end <= maxGapBytes && end - last.start <= maxRangeBytes) {
        last.end = Math.max(last.end, end)
        last.places.add(place)
      } else pieces.push((last = { file, start, end, places: new Set([place]) }))
    }
  }
  return pieces
}

function contentOf({ file, start, end }: Piece): Blob {
  return start === 0 && end === file.size ? file : file.slice(start, end)
}

/** Null where it is not held: an address, a large file, an empty one. */
function placeOf(handle: ImageHandle): Place | null {
  const place = wholePlaceOf(handle)
  if (!place) return null
  const size = place.end - place.start
  return size > 0 && size <= maxRangeBytes ? place : null
}

function wholePlaceOf(handle: ImageHandle): Place | null {
  if (typeof handle === 'string') return null
  if (handle instanceof Blob) return { file: handle, start: 0, end: handle.size }
  if (handle.kind === 'raw') {
    const { file, offset, width, height, channels } = handle
    return { file, start: offset, end: Math.min(file.size, offset + width * height * channels) }
  }
  const { archive, offset, packed, method } = handle
  const header = method === 'zip' ? zipHeaderBytes : 0
  return { file: archive, start: offset, end: Math.min(archive.size, offset + packed + header) }
}
