/**
 * @file An ONNX file as plain data (`ModelProto`): nodes, attributes, inputs, and arrays by their places. Fields are read by
 * number and may come in any order: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
import { type ExternalFiles, readEntry, readTensor, type StoredTensor, typeName } from './tensorProto.ts'
import { BrokenFile, type ByteSource, type Field, type Range, WireReader } from './wire.ts'

export interface OnnxModel {
  readonly producer: string
  /** By domain; the operators of ONNX itself have the empty one. */
  readonly opsets: ReadonlyMap<string, number>
  readonly metadata: ReadonlyMap<string, string>
  readonly graph: OnnxGraph
  readonly functions: readonly OnnxFunction[]
}

export interface OnnxGraph {
  readonly name: string
  readonly nodes: readonly OnnxNode[]
  readonly initializers: readonly StoredTensor[]
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly string[]
  /** The file has arrays of which it only stores the numbers that are not 0. */
  readonly hasSparse: boolean
}

export interface OnnxNode {
  /** May be empty, and not the only one of its kind. */
  readonly name: string
  readonly op: string
  readonly domain: string
  /** Tensors by name; an optional one that is not there has the empty name. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: ReadonlyMap<string, AttributeValue>
  /** What PyTorch's exporter tells about the module: a list of Python as text. */
  readonly scopes: string | null
}

export type AttributeValue =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'numbers'; readonly value: readonly number[] }
  | { readonly kind: 'texts'; readonly value: readonly string[] }
  | { readonly kind: 'tensor'; readonly value: StoredTensor }
  | { readonly kind: 'graph'; readonly value: OnnxGraph }
  /** Within a function: the attribute of the node that calls it. */
  | { readonly kind: 'reference'; readonly value: string }
  /** Of no type that operators of ONNX for images have. */
  | { readonly kind: 'other'; readonly value: null }

/** An operator that the file defines by others. */
export interface OnnxFunction {
  readonly name: string
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly nodes: readonly OnnxNode[]
  /** The values of attributes that a node leaves out. */
  readonly defaults: ReadonlyMap<string, AttributeValue>
  readonly opsets: ReadonlyMap<string, number>
}

export interface ValueInfo {
  readonly name: string
  readonly type: string
  /** Null for an open length; null for a value that is no tensor, or of open rank. */
  readonly shape: readonly (number | null)[] | null
}

/** Graphs within graphs; each level is a call. */
const deepest = 50
/** What a list of an attribute holds at most; larger arrays are tensors. */
const mostNumbers = 1 << 20

/** Throws `BrokenFile`. */
export function readModel(source: ByteSource, external: ExternalFiles): OnnxModel {
  return new ModelReader(new WireReader(source), external).model()
}

class ModelReader {
  readonly #reader: WireReader
  readonly #external: ExternalFiles

  constructor(reader: WireReader, external: ExternalFiles) {
    this.#reader = reader
    this.#external = external
  }

  model(): OnnxModel {
    const reader = this.#reader
    const opsets = new Map<string, number>()
    const metadata = new Map<string, string>()
    const functions: OnnxFunction[] = []
    // Protocol buffers merge a message that comes in parts.
    const graphs: Range[] = []
    let producer = ''
    for (const field of reader.fields())
      switch (field.number) {
        case 2:
        case 3:
          producer = `${producer} ${reader.text(field)}`.trim()
          break
        case 7:
          graphs.push(field)
          break
        case 8:
          opsets.set(...this.#opset(field))
          break
        case 14:
          metadata.set(...readEntry(reader, field))
          break
        case 25:
          functions.push(this.#function(field))
      }
    if (graphs.length === 0) throw new BrokenFile('it holds no graph')
    return { producer, opsets, metadata, graph: this.#graph(graphs, 0), functions }
  }

  #opset(message: Range): [domain: string, version: number] {
    let [domain, version] = ['', 1]
    for (const field of this.#reader.fields(message))
      if (field.number === 1) domain = this.#reader.text(field)
      else if (field.number === 2) version = field.value
    return [plainDomain(domain), version]
  }

  #graph(parts: readonly Range[], depth: number): OnnxGraph {
    if (depth > deepest) throw new BrokenFile('its graphs nest too deep')
    const nodes: OnnxNode[] = []
    const initializers: StoredTensor[] = []
    const inputs: ValueInfo[] = []
    const outputs: string[] = []
    let [name, hasSparse] = ['', false]
    for (const part of parts)
      for (const field of this.#reader.fields(part))
        switch (field.number) {
          case 1:
            nodes.push(this.#node(field, depth))
            break
          case 2:
            name = this.#reader.text(field)
            break
          case 5:
            initializers.push(readTensor(this.#reader, field, this.#external))
            break
          case 11:
            inputs.push(this.#valueInfo(field))
            break
          case 12:
            outputs.push(this.#valueInfo(field).name)
            break
          case 15:
            hasSparse = true
        }
    return { name, nodes, initializers, inputs, outputs, hasSparse }
  }

  #node(message: Range, depth: number): OnnxNode {
    const reader = this.#reader
    const inputs: string[] = []
    const outputs: string[] = []
    const attributes = new Map<string, AttributeValue>()
    let [name, op, domain] = ['', '', '']
    let scopes: string | null = null
    for (const field of reader.fields(message))
      switch (field.number) {
        case 1:
          inputs.push(reader.text(field))
          break
        case 2:
          outputs.push(reader.text(field))
          break
        case 3:
          name = reader.text(field)
          break
        case 4:
          op = reader.text(field)
          break
        case 5: {
          const [key, value] = this.#attribute(field, depth)
          attributes.set(key, value)
          break
        }
        case 7:
          domain = plainDomain(reader.text(field))
          break
        case 9:
          scopes = this.#scopes(field) ?? scopes
      }
    return { name, op, domain, inputs, outputs, attributes, scopes }
  }

  /** Most of the rest are stack traces, which are long, and name folders of the author's machine. */
  #scopes(entry: Range): string | null {
    let [isScopes, value] = [false, null as Range | null]
    for (const field of this.#reader.fields(entry))
      if (field.number === 1) isScopes = this.#reader.text(field) === 'pkg.torch.onnx.name_scopes'
      else if (field.number === 2) value = field
    return isScopes && value ? this.#reader.text(value) : null
  }

  #attribute(message: Range, depth: number): [name: string, value: AttributeValue] {
    const reader = this.#reader
    const numbers: number[] = []
    const texts: string[] = []
    const fields = new Map<number, Field>()
    let name = ''
    for (const field of reader.fields(message)) {
      fields.set(field.number, field)
      if (field.number === 1) name = reader.text(field)
      else if (field.number === 7) numbers.push(...reader.numbers(field, 'fixed32'))
      else if (field.number === 8) numbers.push(...reader.numbers(field, 'varint'))
      else if (field.number === 9) texts.push(reader.text(field))
      if (numbers.length > mostNumbers) throw new BrokenFile(`the attribute "${name}" lists too many numbers`)
    }
    const type = fields.get(20)?.value ?? typeOf(fields)
    const value = ((): AttributeValue => {
      const reference = fields.get(21)
      if (reference) return { kind: 'reference', value: reader.text(reference) }
      switch (type) {
        case 1:
          return { kind: 'number', value: fields.get(2)?.value ?? 0 }
        case 2:
          return { kind: 'number', value: fields.get(3)?.value ?? 0 }
        case 3:
          return { kind: 'text', value: fields.has(4) ? reader.text(fields.get(4)!) : '' }
        case 4:
          if (fields.has(5))
            return { kind: 'tensor', value: readTensor(reader, fields.get(5)!, this.#external) }
          break
        case 5:
          if (fields.has(6)) return { kind: 'graph', value: this.#graph([fields.get(6)!], depth + 1) }
          break
        case 6:
        case 7:
          return { kind: 'numbers', value: numbers }
        case 8:
          return { kind: 'texts', value: texts }
      }
      return { kind: 'other', value: null }
    })()
    return [name, value]
  }

  #function(message: Range): OnnxFunction {
    const reader = this.#reader
    const inputs: string[] = []
    const outputs: string[] = []
    const nodes: OnnxNode[] = []
    const defaults = new Map<string, AttributeValue>()
    const opsets = new Map<string, number>()
    let [name, domain] = ['', '']
    for (const field of reader.fields(message))
      switch (field.number) {
        case 1:
          name = reader.text(field)
          break
        case 4:
          inputs.push(reader.text(field))
          break
        case 5:
          outputs.push(reader.text(field))
          break
        case 7:
          nodes.push(this.#node(field, 0))
          break
        case 9:
          opsets.set(...this.#opset(field))
          break
        case 10:
          domain = plainDomain(reader.text(field))
          break
        case 11:
          defaults.set(...this.#attribute(field, 0))
      }
    return { name, domain, inputs, outputs, nodes, defaults, opsets }
  }

  #valueInfo(message: Range): ValueInfo {
    const reader = this.#reader
    let [name, type, shape] = ['', 'no tensor', null as readonly (number | null)[] | null]
    for (const field of reader.fields(message))
      if (field.number === 1) name = reader.text(field)
      else if (field.number === 2)
        for (const kind of reader.fields(field))
          if (kind.number === 1)
            for (const part of reader.fields(kind))
              if (part.number === 1) type = typeName(part.value)
              else if (part.number === 2) shape = this.#shape(part)
    return { name, type, shape }
  }

  #shape(message: Range): readonly (number | null)[] {
    const shape: (number | null)[] = []
    for (const field of this.#reader.fields(message))
      if (field.number === 1) {
        let length: number | null = null
        for (const part of this.#reader.fields(field)) if (part.number === 1) length = part.value
        // Some programs write 0 or -1 for what is open.
        shape.push(length !== null && length > 0 ? length : null)
      }
    return shape
  }
}

/** ONNX's own operators have two spellings of their domain. */
function plainDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain
}

/** Files of the first versions do not tell the type of an attribute. */
function typeOf(fields: ReadonlyMap<number, Field>): number {
  const types: readonly (readonly [field: number, type: number])[] = [
    [2, 1],
    [3, 2],
    [4, 3],
    [5, 4],
    [6, 5],
    [7, 6],
    [8, 7],
    [9, 8],
  ]
  return types.find(([field]) => fields.has(field))?.[1] ?? 0
}
