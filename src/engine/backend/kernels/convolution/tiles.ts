/** @file The parts that all programs of convolutions share: loops over tiles, sums of products, bias and activation. */
import type { FunctionWriter } from '../writer/program.ts'
import { loadF32x4, loadLanes, loadSplat } from '../writer/memory.ts'
import { F32x4, I32, type Local, f32x4, i32 } from '../writer/values.ts'

/** Bytes of a number. */
export const floatBytes = 4
/** Numbers of a vector. */
export const lanes = 4

/** How products are added: by one instruction that rounds once, or by two that round twice. */
export type Arithmetic = 'fused' | 'plain'

/** `a · b + c` */
export function multiplyAdd(arithmetic: Arithmetic, a: F32x4, b: F32x4, c: F32x4): F32x4 {
  return arithmetic === 'fused' ? a.relaxedMadd(b, c) : a.mul(b).add(c)
}

/**
 * Does `body` for each tile of `width` indices from 0 to `end`, which is at least `width`. The last tile begins where it
 * still fits, so what it shares with the one before is computed twice, to the same bits: no tile is ragged.
 */
export function forTiles(
  f: FunctionWriter,
  index: Local<I32>,
  { from = 0, end, width }: { from?: I32 | number; end: I32 | number; width: number },
  body: () => void,
): void {
  const last = f.keep(i32(end).sub(width))
  f.set(index, i32(from))
  f.repeat(() => {
    f.when(index.gtU(last), () => f.set(index, last))
    body()
    f.step(index, width)
    return index.ltU(end)
  })
}

/** Where the tiles of `forTiles` begin. */
export function blockStarts(end: number, width: number): number[] {
  return Array.from({ length: Math.ceil(end / width) }, (_, i) => Math.min(i * width, end - width))
}

/** Does `body` `count` times; `count` is at least 1. */
export function times(f: FunctionWriter, count: number, body: () => void): void {
  if (count === 1) return body()
  const left = f.keep(i32(count))
  f.repeat(() => {
    body()
    f.step(left, -1)
    return left
  })
}

/** Sums of products of some pixels with some channels: `sums[pixel][vector]`, four channels a vector. */
export interface Tile {
  readonly pixels: number
  readonly vectors: number
  readonly sums: readonly (readonly Local<F32x4>[])[]
  /** The vectors of weights that are in use. */
  readonly weights: readonly Local<F32x4>[]
  readonly input: Local<F32x4>
}

/**
 * The tile that keeps V8's registers full. It leaves 15 of 16. With FMA, 6 pixels × 2 vectors are 12 sums, and 2 vectors
 * of weights and one of input beside them; without it a product needs one more.
 */
export const largestTile: Readonly<Record<Arithmetic, { pixels: number; vectors: number }>> = {
  fused: { pixels: 6, vectors: 2 },
  plain: { pixels: 4, vectors: 2 },
}

export function makeTile(f: FunctionWriter, pixels: number, vectors: number): Tile {
  const some = (count: number): Local<F32x4>[] => Array.from({ length: count }, () => f.local(F32x4))
  return {
    pixels,
    vectors,
    sums: Array.from({ length: pixels }, () => some(vectors)),
    weights: some(vectors),
    input: f.local(F32x4),
  }
}

/** The products of a round of the loop: enough that counting rounds takes no time beside them. */
const unrolled = 4

/**
 * Adds `length` products to each sum, in their order:
 *
 *     for i from 0 to length
 *       sums[pixel][vector] += input[pixel][i] · weights[i][vector]
 *
 * `inputs` has an address for each pixel. All addresses move on behind what was read.
 */
export function addProducts(
  f: FunctionWriter,
  tile: Tile,
  arithmetic: Arithmetic,
  { inputs, weights, length }: { inputs: readonly Local<I32>[]; weights: Local<I32>; length: number },
): void {
  const { sums, vectors } = tile
  const some = (count: number): void => {
    for (let i = 0; i < count; i++) {
      for (const [v, weight] of tile.weights.entries())
        f.set(weight, loadF32x4(weights, (i * vectors + v) * lanes * floatBytes))
      for (const [pixel, address] of inputs.entries()) {
        f.set(tile.input, loadSplat(address, i * floatBytes))
        for (const [v, weight] of tile.weights.entries()) {
          const sum = sums[pixel]![v]!
          f.set(sum, multiplyAdd(arithmetic, tile.input, weight, sum))
        }
      }
    }
    for (const address of inputs) f.step(address, count * floatBytes)
    f.step(weights, count * vectors * lanes * floatBytes)
  }
  const rounds = Math.floor(length / unrolled)
  if (rounds > 0) times(f, rounds, () => some(unrolled))
  if (length % unrolled > 0) some(length % unrolled)
}

/** The numbers of a vector that a tile of `channels` channels has. */
export function lanesOf(channels: number, vector: number): number {
  return Math.min(lanes, channels - vector * lanes)
}

/** The bias of some channels: 0 if `bias` is null. */
export function biasOf(bias: I32 | null, channels: number, vector: number): F32x4 {
  return bias ? loadLanes(bias, lanesOf(channels, vector), vector * lanes * floatBytes) : f32x4(0)
}
