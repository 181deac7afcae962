/** @file Reads the names of files in zip archives, which come in several encodings. */
import { crc32 } from './crc32.ts'

const lenient = new TextDecoder()
const strict = new TextDecoder('utf-8', { fatal: true })

/**
 * The name in UTF-8. Is null if it belongs to another name: a tool that does not know the field has renamed the file.
 */
export function unicodePathOf(view: DataView, field: number, end: number, name: Uint8Array): string | null {
  if (end - field < 5 || view.getUint8(field) !== 1) return null
  if (view.getUint32(field + 1, true) !== crc32(name)) return null
  return lenient.decode(
    new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset + field + 5, end - field - 5),
  )
}

/**
 * Names are UTF-8 if the flag says so. Otherwise they are in code page 437, though many tools write UTF-8 without the
 * flag.
 */
export function nameOf(bytes: Uint8Array<ArrayBuffer>, isUtf8: boolean): string {
  if (isUtf8) return withSlashes(lenient.decode(bytes))
  try {
    return withSlashes(strict.decode(bytes))
  } catch {
    const name = Array.from(bytes, (byte) =>
      byte < 128 ? String.fromCharCode(byte) : cp437[byte - 128]!,
    ).join('')
    // In Shift-JIS and other encodings of two bytes a back-slash may be the second half of a letter.
    return /[\u0080-\uFFFF]\\/.test(name) ? name : withSlashes(name)
  }
}

/** Windows writes back-slashes. In a name that has slashes they are letters, as for Info-ZIP. */
function withSlashes(name: string): string {
  return name.includes('/') ? name : name.replaceAll('\\', '/')
}

/** The upper half of code page 437. */
const cp437 = [
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»',
  '░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀',
  'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00A0',
].join('')
