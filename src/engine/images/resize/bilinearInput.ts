/**
 * @file Makes the input of the usual network of a picture that must be resized: three colours, bilinear, and the picture
 * covers all of the input. The numbers are those of `core/preprocessing/toInput`, several times as fast.
 */
import type { MapShape } from '../../../core/model/network.ts'
import { type Axis, type Placement, placement } from '../../../core/preprocessing/fit.ts'
import { type Normalization, normalizations } from '../../../core/preprocessing/normalize.ts'
import type { Preprocessing } from '../../../core/preprocessing/preprocessing.ts'
import { covered, remembered } from '../../../core/preprocessing/raster.ts'
import { bilinearWeights } from '../../../core/preprocessing/resizeBilinear.ts'
import { isWhole, type Pixels } from '../../../core/preprocessing/toInput.ts'
import {
  bilinearProgram,
  type BilinearProgram,
  columnBytes,
  inputBytes,
  wideBytes,
} from './bilinearProgram.ts'

const page = 2 ** 16

/** The program and its memory, which holds a few rows. */
interface Machine {
  readonly program: BilinearProgram
  readonly memory: WebAssembly.Memory
  bytes: Uint8Array<ArrayBuffer>
  floats: Float32Array<ArrayBuffer>
}

/** It is made when the first picture comes; null in a browser without SIMD. */
let ownMachine: Machine | null | undefined

/** Writes `[H, W, 3]` into `target` from `offset` on. Returns false if the picture must be resized in another way. */
export function writeBilinear(
  pixels: Pixels,
  inputShape: MapShape,
  preprocessing: Preprocessing,
  target: Float32Array,
  offset: number,
): boolean {
  const { channels, resize } = preprocessing
  if (inputShape[2] !== 3 || channels === 'grey' || resize !== 'bilinear') return false
  const lies = placement({ inputShape, ...preprocessing }, pixels)
  if (isWhole(lies) || !covers(lies.x) || !covers(lies.y)) return false
  if (ownMachine === undefined) ownMachine = startMachine()
  if (!ownMachine) return false
  return resizeInto(ownMachine, pixels, lies, channels, normalizations(preprocessing, 3), (row, values) =>
    target.set(values, offset + row * values.length),
  )
}

function covers(axis: Axis): boolean {
  const { first, end } = covered(axis)
  return first === 0 && end === axis.inputSize
}

function startMachine(): Machine | null {
  const code = bilinearProgram()
  if (!WebAssembly.validate(code)) return null
  const memory = new WebAssembly.Memory({ initial: 1 })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory } })
  return {
    program: exports as unknown as BilinearProgram,
    memory,
    bytes: new Uint8Array(memory.buffer),
    floats: new Float32Array(memory.buffer),
  }
}

/** The columns as `widen` reads them. */
const columnsOf = remembered((axis: Axis): Uint8Array => {
  const { lower, upper, lerp } = bilinearWeights(axis)
  const columns = new DataView(new ArrayBuffer(axis.inputSize * columnBytes))
  for (let i = 0; i < axis.inputSize; i++) {
    columns.setInt32(i * columnBytes, lower[i]! * 4, true)
    columns.setInt32(i * columnBytes + 4, upper[i]! * 4, true)
    columns.setFloat32(i * columnBytes + 8, lerp[i]!, true)
  }
  return new Uint8Array(columns.buffer)
})

/** `write` gets each row of the input; it is valid until it returns. Returns false if there is not enough memory. */
function resizeInto(
  machine: Machine,
  { data, width }: Pixels,
  { x, y }: Placement,
  order: 'rgb' | 'bgr',
  each: readonly Normalization[],
  write: (row: number, values: Float32Array) => void,
): boolean {
  const { program } = machine
  const [rowBytes, wideRow] = [width * 4, x.inputSize * wideBytes]
  const steps = 0
  const columns = 64
  const columnsEnd = columns + x.inputSize * columnBytes
  const distances = columnsEnd
  const wide = aligned(distances + y.inputSize * 4)
  const out = wide + 2 * wideRow
  const source = aligned(out + x.inputSize * inputBytes + 4)
  if (!reserve(machine, source + rowBytes)) return false
  const { bytes, floats } = machine

  const vectors = [
    each.map(({ divisor }) => divisor),
    each.map(({ shift }) => shift),
    each.map(({ mean }) => mean),
    each.map(({ std }) => std),
  ]
  // The fourth lane is that of alpha, which nobody reads.
  for (const [i, numbers] of vectors.entries()) floats.set([...numbers, 1], steps / 4 + 4 * i)
  const divides = each.every(({ shift, mean, std }) => shift === 0 && mean === 0 && std === 1)
  const rows = bilinearWeights(y)
  bytes.set(columnsOf(x), columns)
  floats.set(rows.lerp, distances / 4)
  const values = floats.subarray(out / 4, out / 4 + 3 * x.inputSize)

  /** The rows of the picture that are widened, and where. */
  const held = [-1, -1]
  const widened = (row: number, other: number): number => {
    let slot = held.indexOf(row)
    if (slot < 0) {
      slot = held[0] === other ? 1 : 0
      held[slot] = row
      bytes.set(data.subarray(row * rowBytes, (row + 1) * rowBytes), source)
      program[order === 'bgr' ? 'widenReversed' : 'widen'](source, columns, columnsEnd, wide + slot * wideRow)
    }
    return wide + slot * wideRow
  }
  for (let row = 0; row < y.inputSize; row++) {
    const [above, below] = [rows.lower[row]!, rows.upper[row]!]
    const top = widened(above, below)
    const bottom = widened(below, above)
    program[divides ? 'joinAndDivide' : 'join'](top, top + wideRow, bottom, distances + row * 4, steps, out)
    write(row, values)
  }
  return true
}

function aligned(address: number): number {
  return Math.ceil(address / 16) * 16
}

function reserve(machine: Machine, bytes: number): boolean {
  const missing = bytes - machine.bytes.length
  if (missing <= 0) return true
  try {
    machine.memory.grow(Math.ceil(missing / page))
  } catch {
    return false
  }
  machine.bytes = new Uint8Array(machine.memory.buffer)
  machine.floats = new Float32Array(machine.memory.buffer)
  return true
}
