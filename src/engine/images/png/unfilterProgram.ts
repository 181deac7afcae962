/**
 * @file Undoes the filters of a PNG (PNG, section 9) and makes RGBA of what comes out: one pixel after the other, its
 * bytes in the lanes of one register. The row above is that of the RGBA, so grey is three times there. The alpha of
 * pixels that have none is set when they are stored; what their fourth lane was before does not matter.
 */
import type { FunctionWriter } from '../../backend/kernels/writer/program.ts'
import { loadFourBytes, loadU8 } from '../../backend/kernels/writer/memory.ts'
import { I16x8, I32, U8x16, i16x8, u8x16 } from '../../backend/kernels/writer/values.ts'

/** A kind of pixel as it is stored. */
interface Pixel {
  readonly bytes: number
  readonly hasAlpha: boolean
  /** Red, green, blue and perhaps alpha of the pixel at an address, of which four bytes are read at most. */
  load(address: I32): U8x16
}

const places = (...four: readonly number[]): readonly number[] => [0, 1, 2, 3].flatMap(() => four)

export const pixelKinds = {
  grey: { bytes: 1, hasAlpha: false, load: (address) => loadU8(address).splatByte() },
  greyAlpha: {
    bytes: 2,
    hasAlpha: true,
    load: (address) => loadFourBytes(address).shuffle(places(0, 0, 0, 1)),
  },
  rgb: { bytes: 3, hasAlpha: false, load: (address) => loadFourBytes(address) },
  rgba: { bytes: 4, hasAlpha: true, load: (address) => loadFourBytes(address) },
} as const satisfies Readonly<Record<string, Pixel>>

export type PixelKind = keyof typeof pixelKinds

const opaque = u8x16(places(0, 0, 0, 255))
const ones = u8x16(places(1, 1, 1, 1))
const lowBytes = i16x8([255, 255, 255, 255, 255, 255, 255, 255])

/**
 * `unfilter(rows, end, width, rgba, unknown)`: filtered rows from `rows` to `end`, a byte for the filter before each. A
 * row of RGBA before `rgba` must be 0. The byte at `unknown` is set if there is a filter that does not exist. Three bytes
 * behind `end` are read.
 */
export function unfilter(f: FunctionWriter, pixel: Pixel): void {
  const [rows, end, width] = [f.parameter(), f.parameter(), f.parameter()]
  const [rgba, unknown] = [f.parameter(), f.parameter()]
  const rowBytes = f.keep(width.shl(2))
  const [at, to, rowEnd] = [f.keep(rows), f.keep(rgba), f.local(I32)]
  const filter = f.local(I32)
  const [left, above] = [f.local(U8x16), f.local(U8x16)]
  const none = f.local(U8x16)
  const [a, b, c] = [f.local(I16x8), f.local(I16x8), f.local(I16x8)]
  const [fromA, fromB, nearest] = [f.local(I16x8), f.local(I16x8), f.local(I16x8)]
  const stored = (): U8x16 => pixel.load(at)
  const loadAbove = (): U8x16 => loadFourBytes(to.sub(rowBytes))

  const row = (number: number, restore: () => U8x16): void =>
    f.when(filter.eq(number), () => {
      f.set(left, none)
      f.set(c, none.low())
      f.repeat(() => {
        f.set(left, restore())
        f.storeLanes(to, pixel.hasAlpha ? left : left.or(opaque), 1)
        f.step(at, pixel.bytes)
        f.step(to, 4)
        return to.ltU(rowEnd)
      })
    })

  f.repeat(() => {
    f.set(filter, loadU8(at))
    f.step(at, 1)
    f.set(rowEnd, to.add(rowBytes))
    row(0, stored)
    row(1, () => stored().add(left))
    row(2, () => stored().add(loadAbove()))
    row(3, () => {
      f.set(above, loadAbove())
      // The mean rounded down.
      return stored().add(left.mean(above).sub(left.xor(above).and(ones)))
    })
    // Paeth: the neighbour that is nearest to left + above − upper left.
    row(4, () => {
      f.set(a, left.low())
      f.set(b, loadAbove().low())
      f.set(fromA, b.sub(c).abs())
      f.set(fromB, a.sub(c).abs())
      const fromC = b.sub(c).add(a.sub(c)).abs()
      f.set(nearest, fromA.min(fromB).min(fromC))
      const neighbour = nearest.eq(fromA).bitselect(a, nearest.eq(fromB).bitselect(b, c))
      const restored = stored().low().add(neighbour).and(lowBytes)
      f.set(left, restored.bytes())
      f.set(c, b)
      return left
    })
    f.when(filter.gtU(4), () => {
      f.storeByte(unknown, filter)
      f.set(at, end)
    })
    return at.ltU(end)
  })
}
