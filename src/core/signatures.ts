/** @file The first bytes of other kinds of files, by which models, images and archives recognise what they cannot read. */

/** Each letter stands for one byte. */
const starts = {
  gzip: '\x1f\x8b',
  bzip2: 'BZh',
  xz: '\xfd7zXZ',
  zstd: '\x28\xb5\x2f\xfd',
  '7z': '7z\xbc\xaf',
  RAR: 'Rar!',
  /** The beginning of an entry; `isZip` also recognises archives that begin differently. */
  zip: 'PK\x03\x04',
  tar: /^[^]{257}ustar/,
  'Git LFS': 'version https://git-lfs',
  PDF: '%PDF',
  NumPy: '\x93NUMPY',
  // A byte order mark may come first.
  'web page': /^(\xef\xbb\xbf)?\s*<(!doctype html|html|head|body)/i,
} as const satisfies Readonly<Record<string, string | RegExp>>

export type Signature = keyof typeof starts

/** Formats in which a file can only be reached by unpacking everything before it. */
export const packers = ['gzip', 'bzip2', 'xz', 'zstd', '7z', 'RAR'] as const satisfies readonly Signature[]

/** No kind is recognised by more than these bytes. */
const mostBytes = 4096

/** Whether the first bytes of a file are those of this kind. */
export function beginsAs(head: Uint8Array, kind: Signature): boolean {
  const start: string | RegExp = starts[kind]
  const bytes = head.subarray(0, typeof start === 'string' ? start.length : mostBytes)
  const letters = String.fromCharCode(...bytes)
  return typeof start === 'string' ? letters === start : start.test(letters)
}
