/** @file What a file of an image folder is, by its path. */

export type FileKind = 'image' | 'index' | 'hidden' | 'other'

/** Also rare names of the same formats: `.mpo` and `.jps` are JPEGs of several pictures, `.dib` is a BMP. */
const imageEnding =
  /\.(a?png|jpe?g?|pjp(eg)?|jfif|mpo|jps|webp|gif|bmp|dib|avifs?|ico|tiff?|heic|heif|jp2|svg)$/i
/** `data_batch_1.bin#00042`: a row of a dataset file (engine/archives/datasets). */
const datasetRow = /#\d{5,}$/
const indexEnding = /\.(txt|tsv|csv|tab|psv|lst)$/i
/** A file or a directory of a name that begins with a dot. */
const hidden = /(^|\/)\./
const systemFile = /(^|\/)(__MACOSX\/|\._|\.DS_Store$|(ehthumbs|Thumbs)(_vista)?\.db$|desktop\.ini$)/i

/** Whether a system has left the file behind, beside the user's own. */
export function isSystemFile(path: string): boolean {
  return systemFile.test(path)
}

/** An index lies at the top of the folder. */
export function fileKind(path: string): FileKind {
  if (hidden.test(path) || isSystemFile(path)) return 'hidden'
  if (imageEnding.test(path) || datasetRow.test(path)) return 'image'
  return indexEnding.test(path) && !path.includes('/') ? 'index' : 'other'
}

/** Decides by the ending; what cannot be decoded after all is skipped with a reason. Hidden files are no pictures. */
export function looksLikeImage(path: string): boolean {
  return fileKind(path) === 'image'
}

/** Whether the name of a file says nothing of what it is. */
export function hasNoEnding(path: string): boolean {
  return /(^|\/)[^./]+$/.test(path)
}

/** First bytes of the formats that pictures without an ending have; decoding tells the rest. */
const beginnings = [
  /^\u00FF\u00D8\u00FF/,
  /^\u0089PNG\r\n/,
  /^GIF8[79]a/,
  /^RIFF.{4}WEBP/s,
  /^.{4}ftypavi[fs]/s,
  /^(II\*\0|MM\0\*)/,
]

export const beginningBytes = 16

export function beginsAsPicture(head: Uint8Array): boolean {
  const text = String.fromCharCode(...head.subarray(0, beginningBytes))
  return beginnings.some((beginning) => beginning.test(text))
}
