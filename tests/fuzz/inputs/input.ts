/** @file What a parser is given: files, as a person drops them. A parser of text or of an address gets one file with its bytes. */

export interface FuzzFile {
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

export type FuzzInput = readonly FuzzFile[]

const encoder = new TextEncoder()

export function textFile(name: string, text: string): FuzzFile {
  return { name, bytes: encoder.encode(text) }
}

export function jsonFile(name: string, value: unknown): FuzzFile {
  return textFile(name, JSON.stringify(value))
}

export function sizeOf(input: FuzzInput): number {
  return input.reduce((sum, { bytes }) => sum + bytes.length, 0)
}
