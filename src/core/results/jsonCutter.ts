/**
 * @file Cuts the channels out of a results file while it is read: the file may be longer than a string can be, and its
 * channels are nearly all of it. What is left is small, and as good JSON as the file was, with a 0 in place of each
 * channel. Only brackets, quotes and keys are looked at; what is between them is judged by `JSON.parse`.
 */

export interface CutChannel {
  /** Both are counted from 0, in the order of the file. */
  readonly layer: number
  readonly channel: number
  readonly bytes: Uint8Array
}

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const zero = 0x30

/** Gathers bytes that come in pieces. */
class Gathered {
  #bytes = new Uint8Array(2 ** 16)
  #length = 0

  add(bytes: Uint8Array): void {
    const length = this.#length + bytes.length
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#bytes.length))
      larger.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = larger
    }
    this.#bytes.set(bytes, this.#length)
    this.#length = length
  }

  /** Returns the bytes gathered so far; they are valid until the next `add`. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length)
    this.#length = 0
    return taken
  }
}

/** Depths of the containers that lead to a channel: the file, `layers`, a layer, `channels`. */
const inFile = 1
const inLayers = 2
const inLayer = 3
const inChannels = 4

export class JsonCutter {
  readonly #onChannel: (channel: CutChannel) => void
  readonly #rest = new Gathered()
  readonly #piece = new Gathered()
  #position = 0
  #depth = 0
  #inString = false
  #isEscaped = false
  /** The latest string of the file or of a layer, and the key that it has turned out to be. */
  #string: number[] | null = null
  #latest = ''
  #key = ''
  /** Whether the way down to here is `layers[…].channels[…]`, as far as it goes. */
  #isOnWay = [true, false, false, false, false]
  #layer = 0
  #channel = 0
  #isCutting = false
  readonly #ranges: [start: number, end: number][] = []
  #repeated: string | null = null
  readonly #seen = { layers: false, channels: false }

  constructor(onChannel: (channel: CutChannel) => void) {
    this.#onChannel = onChannel
  }

  push(chunk: Uint8Array): void {
    let from = 0
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!
      if (this.#inString) {
        this.#inText(byte)
      } else if (byte === quote) {
        this.#inString = true
        this.#string = !this.#isCutting && (this.#depth === inFile || this.#depth === inLayer) ? [] : null
      } else if (byte === 0x7b || byte === 0x5b) {
        if (this.#opensChannel(byte)) {
          this.#rest.add(chunk.subarray(from, i))
          this.#rest.add(Uint8Array.of(zero))
          this.#isCutting = true
          from = i
        }
        this.#open(byte, i)
      } else if (byte === 0x7d || byte === 0x5d) {
        this.#close(i)
        if (this.#isCutting && this.#depth === inChannels) {
          this.#piece.add(chunk.subarray(from, i + 1))
          from = i + 1
          this.#isCutting = false
          this.#onChannel({ layer: this.#layer, channel: this.#channel, bytes: this.#piece.take() })
        }
      } else if (byte === colon) {
        this.#takeKey()
      } else if (byte === comma) {
        if (this.#depth === inLayers && this.#isOnWay[inLayers]) this.#layer++
        if (this.#depth === inChannels && this.#isOnWay[inChannels]) this.#channel++
      }
    }
    const target = this.#isCutting ? this.#piece : this.#rest
    target.add(chunk.subarray(from))
    this.#position += chunk.length
  }

  /** Whether brackets and quotes that were opened are closed. */
  get isWhole(): boolean {
    return this.#position > 0 && this.#depth === 0 && !this.#inString
  }

  /** The file without the channels. To be called once, at the end. */
  rest(): Uint8Array {
    return this.#rest.take()
  }

  get bytes(): number {
    return this.#position
  }

  /** The range of each layer in the file: its first byte, and the one behind its last. */
  get ranges(): readonly (readonly [start: number, end: number])[] {
    return this.#ranges
  }

  /** A key that is there twice, of which `JSON.parse` would take the second only. */
  get repeated(): string | null {
    return this.#repeated
  }

  #inText(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (byte === backslash) this.#isEscaped = true
    else if (byte === quote) {
      this.#inString = false
      if (this.#string) this.#latest = String.fromCharCode(...this.#string)
      this.#string = null
      return
    }
    // Nine bytes are longer than the keys that matter.
    if (this.#string && this.#string.length < 9) this.#string.push(byte)
  }

  #takeKey(): void {
    if (this.#isCutting) return
    if (this.#depth !== inFile && this.#depth !== inLayer) return
    this.#key = this.#latest
    if (this.#depth === inFile && this.#key === 'layers') this.#see('layers', 'layers')
    if (this.#depth === inLayer && this.#isOnWay[inLayer] && this.#key === 'channels')
      this.#see('channels', `layers[${this.#layer}].channels`)
  }

  #see(key: 'layers' | 'channels', path: string): void {
    if (this.#seen[key]) this.#repeated ??= path
    this.#seen[key] = true
  }

  #opensChannel(byte: number): boolean {
    return !this.#isCutting && byte === 0x7b && this.#depth === inChannels && this.#isOnWay[inChannels]!
  }

  #open(byte: number, at: number): void {
    const isObject = byte === 0x7b
    const isOnWay = this.#isOnWay
    const before = this.#depth < inChannels && isOnWay[this.#depth]!
    this.#depth++
    if (this.#depth > inChannels) return
    if (this.#depth === inFile) isOnWay[inFile] = before && isObject
    if (this.#depth === inLayers) {
      isOnWay[inLayers] = before && !isObject && this.#key === 'layers'
      this.#layer = 0
    }
    if (this.#depth === inLayer) {
      isOnWay[inLayer] = before && isObject
      if (isOnWay[inLayer]) {
        this.#ranges[this.#layer] = [this.#position + at, Infinity]
        this.#seen.channels = false
      }
    }
    if (this.#depth === inChannels) {
      isOnWay[inChannels] = before && !isObject && this.#key === 'channels'
      this.#channel = 0
    }
  }

  #close(at: number): void {
    if (this.#depth === inLayer && this.#isOnWay[inLayer])
      this.#ranges[this.#layer]![1] = this.#position + at + 1
    if (this.#depth > 0) this.#depth--
  }
}
