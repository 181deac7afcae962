/** @file Bytes of a file, and half-precision numbers in them, for all formats. */
import { floatOfHalf } from '../../../core/model/halfPrecision.ts'

/** Reads a part of a file synchronously, which only workers can. */
export function readBytes(blob: Blob): ArrayBuffer {
  return new FileReaderSync().readAsArrayBuffer(blob)
}

/** Converts numbers of half precision, exactly. */
export function floatsOfHalves(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, floatOfHalf)
}
