/** @file Reads what the first bytes of a picture say, and decodes the formats that the app decodes itself. */
import { clauseError } from '../../../src/core/errors.ts'
import type { Pixels } from '../../../src/core/preprocessing/toInput.ts'
import { decodeTiff } from '../../../src/engine/images/decodeTiff.ts'
import { withSplices } from '../../../src/engine/images/headers/pictureHeader.ts'
import { readHeader } from '../../../src/engine/images/headers/readHeader.ts'
import { maxPixels } from '../../../src/engine/images/openPicture.ts'
import { decodeAnyPng } from '../../../src/engine/images/png/anyPng.ts'
import { decodePlainPng } from '../../../src/engine/images/png/plainPng.ts'
import { decodeLosslessWebp } from '../../../src/engine/images/webp/losslessWebp.ts'
import type { FuzzInput } from '../inputs/input.ts'
import { isWhole, must } from './check.ts'

export async function openAsPicture([file]: FuzzInput): Promise<void> {
  const { bytes } = file!
  for (const content of [bytes, new Blob([bytes])]) {
    const header = await readHeader(content)
    const { kind, width, height, orientation, upright, still = [], filled = [], bare = [] } = header
    const { underneath = 'black' } = header
    must(isWhole(width, 1) && isWhole(height, 1), `the size is ${width}×${height}`)
    must(isWhole(orientation, 1) && orientation <= 8, `the orientation is ${orientation}`)
    const opaque = typeof underneath === 'object' && 'opaque' in underneath ? underneath.opaque : []
    for (const splices of [upright, still, filled, bare, opaque]) {
      must(
        splices.every(({ start, end }) => isWhole(start) && isWhole(end) && start <= end),
        'a change has no place',
      )
      withSplices(content as Blob, splices)
    }
    if (width * height > maxPixels) throw clauseError('images/too-large', { width, height, most: maxPixels })
    if (!(content instanceof Blob)) {
      const plain = kind === 'PNG' ? decodePlainPng(bytes) : null
      if (plain) mustBeWhole(plain)
      if (kind === 'PNG') {
        const any = await decodeAnyPng(bytes)
        if (any) mustBeWhole(any, header)
        must(!plain || !any || isEqual(plain.data, any.data), 'two decoders find other pixels')
      }
      if (typeof underneath === 'object' && 'format' in underneath) {
        const part = bytes.subarray(underneath.start, underneath.end)
        const isPng = underneath.format === 'PNG'
        const colours = isPng ? await decodeAnyPng(part) : decodeLosslessWebp(part)
        if (colours) mustBeWhole(colours, header)
      }
    } else if (kind === 'TIFF') {
      mustBeWhole(await decodeTiff(content), header)
    }
  }
}

/** `said`: the size that the file gives in its header. */
function mustBeWhole({ data, width, height }: Pixels, said: Size = { width, height }): void {
  must(
    width === said.width && height === said.height,
    `the size is ${width}×${height} and was ${said.width}×${said.height}`,
  )
  must(data.length === 4 * width * height, `there are ${data.length} bytes of ${width}×${height} pixels`)
}

type Size = Pick<Pixels, 'width' | 'height'>

function isEqual(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return a.length === b.length
}
