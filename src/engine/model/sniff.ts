/** @file What a file that is no model seems to be, from its first bytes, in words. */

const magic: readonly (readonly [at: number, bytes: string, words: string])[] = [
  [0, 'PK\x03\x04', 'a zip archive (a .keras file, perhaps)'],
  [0, '\x1f\x8b', 'a gzip archive; unpack it first'],
  [4, 'TFL3', 'a TensorFlow Lite model'],
  [0, '\x89PNG', 'a PNG picture'],
  [0, '\xff\xd8\xff', 'a JPEG picture'],
  [0, '\x80\x02', 'a Python pickle'],
  [0, '\x80\x03', 'a Python pickle'],
  [0, '\x80\x04', 'a Python pickle'],
  [0, 'version https://git-lfs', 'a Git LFS pointer, not the file itself'],
]

export function describeContent(head: Uint8Array): string {
  const text = String.fromCharCode(...head.subarray(0, 512))
  const hit = magic.find(([at, bytes]) => text.startsWith(bytes, at))
  if (hit) return hit[2]
  if (/^\s*(<!doctype html|<html)/i.test(text)) return 'a web page'
  if (/^(\xef\xbb\xbf)?\s*[{[]/.test(text)) return 'JSON text'
  return 'a file of another kind'
}
