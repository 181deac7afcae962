/** @file Reads what the first bytes of a picture say, and decodes the formats that the app decodes itself. */
import { clauseError } from '../../../src/core/errors.ts'
import { decodeTiff } from '../../../src/engine/images/decodeTiff.ts'
import { withSplices } from '../../../src/engine/images/headers/pictureHeader.ts'
import { readHeader } from '../../../src/engine/images/headers/readHeader.ts'
import { maxPixels } from '../../../src/engine/images/openPicture.ts'
import { decodePlainPng } from '../../../src/engine/images/png/plainPng.ts'
import type { FuzzInput } from '../inputs/input.ts'
import { isWhole, must } from './check.ts'

export async function openAsPicture([file]: FuzzInput): Promise<void> {
  const { bytes } = file!
  for (const content of [bytes, new Blob([bytes])]) {
    const { kind, width, height, orientation, upright, still = [], filled = [] } = await readHeader(content)
    must(isWhole(width, 1) && isWhole(height, 1), `the size is ${width}×${height}`)
    must(isWhole(orientation, 1) && orientation <= 8, `the orientation is ${orientation}`)
    for (const splices of [upright, still, filled]) {
      must(
        splices.every(({ start, end }) => isWhole(start) && isWhole(end) && start <= end),
        'a change has no place',
      )
      withSplices(content as Blob, splices)
    }
    if (width * height > maxPixels) throw clauseError('images/too-large', { width, height, most: maxPixels })
    if (!(content instanceof Blob)) {
      const plain = kind === 'PNG' ? decodePlainPng(bytes) : null
      if (plain)
        must(plain.data.length === plain.width * plain.height * 4, 'there are not as many pixels as said')
    } else if (kind === 'TIFF') {
      const { data, width: columns, height: rows } = await decodeTiff(content)
      must(columns === width && rows === height, `the size is ${columns}×${rows} and was ${width}×${height}`)
      must(data.length === 4 * width * height, `there are ${data.length} bytes of ${width}×${height} pixels`)
    }
  }
}
