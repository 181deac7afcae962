/** @file Tells what a file in an image folder is: by its path or, if its name has no ending, by its first bytes. */

export type FileKind = 'image' | 'index' | 'hidden' | 'other'

/** Includes rare endings of known formats: `.mpo` and `.jps` are JPEGs with several pictures, `.dib` is a BMP. */
const imageEnding =
  /\.(a?png|jpe?g?|pjp(eg)?|jfif|mpo|jps|webp|gif|bmp|dib|avifs?|ico|tiff?|heic|heif|jp2|svg)$/i
/** Matches a row of a dataset file, such as `data_batch_1.bin#00042` (engine/archives/datasets). */
const datasetRow = /#\d{5,}$/
const indexEnding = /\.(txt|tsv|csv|tab|psv|lst)$/i
/** Matches a path if the name of the file or of one of its directories begins with a dot. */
const hidden = /(^|\/)\./
const systemFile = /(^|\/)(__MACOSX\/|\._|\.DS_Store$|(ehthumbs|Thumbs)(_vista)?\.db$|desktop\.ini$)/i

/** Whether an operating system has left the file behind among the user's own. */
export function isSystemFile(path: string): boolean {
  return systemFile.test(path)
}

/** Only a file at the top of the folder counts as an index. */
export function fileKind(path: string): FileKind {
  if (hidden.test(path) || isSystemFile(path)) return 'hidden'
  if (imageEnding.test(path) || datasetRow.test(path)) return 'image'
  return indexEnding.test(path) && !path.includes('/') ? 'index' : 'other'
}

/**
 * Decides by the ending; a hidden file never counts. A file that cannot be decoded after all is skipped later, with a
 * reason.
 */
export function looksLikeImage(path: string): boolean {
  return fileKind(path) === 'image'
}

/** Whether the file's name has no ending, so that only its content can tell what it is. */
export function hasNoEnding(path: string): boolean {
  return /(^|\/)[^./]+$/.test(path)
}

/** The first bytes of the picture formats that are met without an ending; whether they are intact shows in decoding. */
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
