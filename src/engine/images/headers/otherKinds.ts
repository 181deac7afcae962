/** @file Names what is no picture that can be decoded, by its content, and says what to do about it. */
import { beginsAs, packers, type Signature } from '../../../core/signatures.ts'
import { brandsOf } from './avif.ts'
import { letters } from './byteWindow.ts'

export interface OtherKind {
  readonly what: string
  readonly advice: string
}

const toJpeg = 'convert it to JPEG or PNG'
const notPicture = 'take it out of the folder'

/** Letters at an offset, or at the beginning if none is given. */
type Start = string | readonly [at: number, letters: string]

const starts: readonly (readonly [starts: readonly Start[], what: string, advice: string])[] = [
  [['\0\0\0\x0cjP  ', '\xff\x4f\xff\x51'], 'a JPEG 2000 picture, which browsers cannot decode', toJpeg],
  [['\xff\x0a', '\0\0\0\x0cJXL '], 'a JPEG XL picture, which browsers cannot decode', toJpeg],
  [['8BPS'], 'a Photoshop file, which browsers cannot decode', 'save it as JPEG or PNG'],
  [['gimp xcf'], 'a GIMP file, which browsers cannot decode', 'export it as JPEG or PNG'],
  [
    // Canon's (a TIFF with two letters more), Fujifilm's, Olympus', Panasonic's, Sigma's, Minolta's.
    [[8, 'CR\x02'], 'FUJIFILMCCD-RAW', 'IIRO', 'IIRS', 'IIU\0', 'FOVb', '\0MRM'],
    "a camera's raw photo, which browsers cannot decode",
    toJpeg,
  ],
  [['II+\0', 'MM\0+'], 'a BigTIFF picture, which cannot be decoded here', toJpeg],
  [
    ['v/1\x01', '#?RADIANCE', '#?RGBE'],
    'a picture of high dynamic range, which browsers cannot decode',
    toJpeg,
  ],
  [
    ['P1\n', 'P2\n', 'P3\n', 'P4\n', 'P5\n', 'P6\n', 'P7\n', 'P5 ', 'P6 '],
    'a PNM picture, which browsers cannot decode',
    toJpeg,
  ],
  [['SIMPLE  ='], 'a FITS file, which browsers cannot decode', toJpeg],
  [[[128, 'DICM']], 'a DICOM file, which browsers cannot decode', toJpeg],
  [['DDS '], 'a DDS texture, which browsers cannot decode', toJpeg],
  [['\xd0\xcf\x11\xe0'], 'a database or document of Windows, as Thumbs.db is', notPicture],
  [['\x1aE\xdf\xa3', [8, 'AVI ']], 'a video', 'save single frames of it as pictures'],
]

/** Kinds that models and archives are told from, too. */
const known: readonly (readonly [kinds: readonly Signature[], what: string, advice: string])[] = [
  [['PDF'], 'a PDF file', notPicture],
  [['zip'], 'a zip archive', 'open it by itself, or unpack it'],
  [packers, 'a packed file', 'unpack it first'],
  [['Git LFS'], 'a pointer of Git LFS instead of the picture', 'run git lfs pull'],
  [['NumPy'], 'an array of NumPy', 'save it as PNG'],
]

const brands: readonly (readonly [brand: RegExp, what: string, advice: string])[] = [
  [/^(hei[cxms]|hev[cmsx])$/, 'a HEIC photo, which browsers cannot decode', toJpeg],
  [/^(mif1|msf1|heif)$/, 'a HEIF photo, which browsers cannot decode', toJpeg],
  [/^crx $/, "a camera's raw photo, which browsers cannot decode", toJpeg],
  [/^(isom|iso\d|mp4\d|avc1|qt {2}|M4V |3gp.)$/, 'a video', 'save single frames of it as pictures'],
]

/** `head` holds the first bytes of a file; null if they are of no format that is known. */
export function nameOther(head: DataView): OtherKind | null {
  const bytes = new Uint8Array(head.buffer, head.byteOffset, head.byteLength)
  const text = letters(head, 0, head.byteLength)
  const begins = (start: Start): boolean =>
    typeof start === 'string' ? text.startsWith(start) : text.startsWith(start[1], start[0])
  for (const [any, what, advice] of starts) if (any.some(begins)) return { what, advice }
  for (const [kinds, what, advice] of known)
    if (kinds.some((kind) => beginsAs(bytes, kind))) return { what, advice }
  const own = brandsOf(head)
  for (const [brand, what, advice] of brands)
    if (own.some((name) => brand.test(name))) return { what, advice }
  if (isDrawing(text))
    return { what: 'an SVG drawing, which has no pixels of its own', advice: 'export it as PNG' }
  if (beginsAs(bytes, 'web page'))
    return { what: 'a web page that was saved instead of the picture', advice: 'download the picture again' }
  return null
}

/** Whether it is the text of an SVG, behind a byte order mark and white space. */
function isDrawing(text: string): boolean {
  const start = text
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .toLowerCase()
  return /^(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!doctype svg[^>]*>\s*)?<svg[\s>]/s.test(start)
}
