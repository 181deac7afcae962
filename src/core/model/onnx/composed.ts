/**
 * @file Operators that are read as others: attention, rotary embeddings, activations of newer sets. Each is spelled out as ONNX
 * defines it (https://onnx.ai/onnx/operators/), so that their views, fields and kernels are those of its steps.
 */
import { formatShape } from '../kinds/kind.ts'
import { Attributes } from './attributes.ts'
import { combined, computed, elementwise, givenConstant, type OnnxConstant, reduced } from './constants.ts'
import type { GraphNode } from './graphNodes.ts'
import type { AttributeValue } from './modelProto.ts'
import type { OnnxValue } from './values.ts'
import { dimsOf } from './views.ts'

/** A step with the name of its layer, which is also what its tensor is called. */
export interface Step {
  readonly name: string
  /** As the page calls it. */
  readonly className: string
  readonly node: GraphNode
}

export interface Composition {
  /** In order; the last one gives the output of the operator. */
  readonly steps: readonly Step[]
  /** By the name of the tensor. */
  readonly constants: ReadonlyMap<string, OnnxConstant>
}

/** The version of the operators that the steps are written in. */
const version = 24

/** What an operator that is spelled out reads, and the steps that it is made of. */
class Composing {
  readonly attributes: Attributes
  readonly steps: Step[] = []
  readonly constants = new Map<string, OnnxConstant>()
  readonly #node: GraphNode
  readonly #prefix: string
  readonly #values: readonly (OnnxValue | undefined)[]

  constructor(node: GraphNode, name: string, prefix: string, values: readonly (OnnxValue | undefined)[]) {
    this.#prefix = prefix
    this.attributes = new Attributes(name, node.op, node.attributes)
    this.#node = node
    this.#values = values
  }

  has(input: number): boolean {
    return this.#values[input] !== undefined
  }

  /** The tensor's name. */
  input(index: number): string {
    if (!this.has(index)) throw new Error(`it has no input ${index}`)
    return this.#node.inputs[index]!
  }

  dims(input: number): readonly number[] {
    const value = this.#values[input]
    if (!value) throw new Error(`it has no input ${input}`)
    return value.kind === 'tensor' ? dimsOf(value.view) : value.constant.shape
  }

  constant(input: number): OnnxConstant {
    const value = this.#values[input]
    if (value?.kind !== 'constant')
      throw new Error(`its input ${input} depends on the image, which Urpatch does not compute`)
    return value.constant
  }

  /** Adds a constant; returns its name. */
  given(constant: OnnxConstant): string {
    const name = `${this.#prefix}.constant${this.constants.size}`
    this.constants.set(name, constant)
    return name
  }

  number(value: number): string {
    return this.given(givenConstant('', [], [value], 'float32'))
  }

  whole(...values: number[]): string {
    return this.given(givenConstant('', [values.length], values, 'int64'))
  }

  /** Adds a step; returns its tensor. `word` says what it is, and has to differ from those of the other steps. */
  add(
    op: string,
    inputs: readonly string[],
    word: string,
    attributes: Readonly<Record<string, number | readonly number[]>> = {},
  ): string {
    const name = `${this.#prefix}.${word}`
    const values = Object.entries(attributes).map(([key, value]): [string, AttributeValue] => [
      key,
      typeof value === 'number' ? { kind: 'number', value } : { kind: 'numbers', value },
    ])
    const node = { ...this.#node, op, name, inputs, outputs: [name], attributes: new Map(values), version }
    this.steps.push({ name, className: op, node })
    return name
  }
}

type Compose = (operator: Composing) => void

const swish: Compose = (operator) => {
  gated(operator, operator.input(0))
}

/** `x · sigmoid(alpha · x)` */
function gated(operator: Composing, x: string): string {
  const alpha = operator.attributes.number('alpha', 1)
  const slope = alpha === 1 ? x : operator.add('Mul', [x, operator.number(alpha)], 'slope')
  return operator.add('Mul', [x, operator.add('Sigmoid', [slope], 'sigmoid')], 'swish')
}

const swiGlu: Compose = (operator) => {
  operator.add('Mul', [gated(operator, operator.input(0)), operator.input(1)], 'product')
}

/** `x + bias` below `−lambd`, `x − bias` above `lambd`, else 0. */
const shrink: Compose = (operator) => {
  const [lambda, bias] = [operator.attributes.number('lambd', 0.5), operator.attributes.number('bias', 0)]
  const x = operator.input(0)
  const moved = (by: number, word: string): string =>
    by === 0 ? x : operator.add('Add', [x, operator.number(by)], word)
  const low = operator.add('Less', [x, operator.number(-lambda)], 'below')
  const high = operator.add('Greater', [x, operator.number(lambda)], 'above')
  const inner = operator.add('Where', [low, moved(bias, 'raised'), operator.number(0)], 'low')
  operator.add('Where', [high, moved(-bias, 'lowered'), inner], 'shrunk')
}

/** Heads of tokens, `[batch, head, token, number]`; three axes hold the heads side by side. */
function heads(operator: Composing, input: number, count: number, word: string): string {
  const dims = operator.dims(input)
  if (dims.length === 4) return operator.input(input)
  const [, , width] = dims
  if (dims.length !== 3 || !(count > 0) || width! % count !== 0)
    throw new Error(`it finds no ${count} heads in ${formatShape(dims)}`)
  const apart = operator.add(
    'Reshape',
    [operator.input(input), operator.whole(0, 0, count, width! / count)],
    `${word}_heads`,
  )
  return operator.add('Transpose', [apart], word, { perm: [0, 2, 1, 3] })
}

/** Puts heads side by side again if those of the operator's input are. */
function sideBySide(operator: Composing, tensor: string): void {
  if (operator.dims(0).length === 4) return
  const turned = operator.add('Transpose', [tensor], 'turned', { perm: [0, 2, 1, 3] })
  operator.add('Reshape', [turned, operator.whole(0, 0, -1)], 'joined')
}

/** `softmax(scale · Q · Kᵀ + mask) · V` for each head. */
const attention: Compose = (operator) => {
  const { attributes } = operator
  attributes.ignore('softmax_precision', 'qk_matmul_output_mode')
  const counts = [attributes.number('q_num_heads', 0), attributes.number('kv_num_heads', 0)] as const
  const [scaleGiven, softcap] = [attributes.number('scale', 0), attributes.number('softcap', 0)]
  const isCausal = attributes.flag('is_causal')
  if ([4, 5, 6].some((input) => operator.has(input)))
    throw new Error('it keeps keys of earlier calls, which Urpatch does not compute')
  const [ofQueries, ofKeys] = [0, 1].map((input) => {
    const dims = operator.dims(input)
    const count = dims.length === 4 ? dims[1]! : counts[input]!
    return { count, tokens: dims.at(-2)!, size: dims.length === 4 ? dims[3]! : dims[2]! / count }
  }) as [HeadsOf, HeadsOf]
  if (ofQueries.count !== ofKeys.count)
    throw new Error(
      `it has ${ofQueries.count} heads of queries and ${ofKeys.count} of keys, which Urpatch does not compute`,
    )
  const [query, key, value] = ['query', 'key', 'value'].map((word, input) =>
    heads(operator, input, counts[Math.min(input, 1)]!, word),
  ) as [string, string, string]
  const scaled = operator.add(
    'Mul',
    [query, operator.number(scaleGiven || 1 / Math.sqrt(ofQueries.size))],
    'scaled',
  )
  const turned = operator.add('Transpose', [key], 'key_turned', { perm: [0, 1, 3, 2] })
  const scores = operator.add('MatMul', [scaled, turned], 'scores')
  const capped = softcap === 0 ? scores : bounded(operator, scores, softcap)
  const mask = maskOf(operator, ofQueries.tokens, ofKeys.tokens, isCausal)
  const weights = mask ? withoutEmpty(operator, mask, capped) : softmaxOf(operator, capped)
  sideBySide(operator, operator.add('MatMul', [weights, value], 'product'))
}

interface HeadsOf {
  readonly count: number
  readonly tokens: number
  readonly size: number
}

/** `cap · tanh(x / cap)` */
function bounded(operator: Composing, x: string, cap: number): string {
  const inner = operator.add(
    'Tanh',
    [operator.add('Div', [x, operator.number(cap)], 'cap_inner')],
    'cap_tanh',
  )
  return operator.add('Mul', [inner, operator.number(cap)], 'capped')
}

/**
 * A query that may look at nothing gives zeros: it looks at all, and what it finds is multiplied by zero. A softmax of nothing is
 * NaN, about which graphics cards do not agree.
 */
function withoutEmpty(operator: Composing, mask: OnnxConstant, scores: string): string {
  const isEmpty = reduced(mask, [mask.shape.length - 1], 1, (all, n) =>
    n === Number.NEGATIVE_INFINITY ? all : 0,
  )
  if (!isEmpty.numbers().includes(1)) return softmaxOf(operator, masked(operator, scores, mask))
  const open = combined([mask, isEmpty], mask.type, (n, empty) => (empty ? 0 : n!))
  const weights = softmaxOf(operator, masked(operator, scores, open))
  return operator.add('Mul', [weights, operator.given(elementwise(isEmpty, (n) => 1 - n))], 'weights_or_0')
}

function masked(operator: Composing, scores: string, mask: OnnxConstant): string {
  return operator.add('Add', [scores, operator.given(mask)], 'masked')
}

function softmaxOf(operator: Composing, scores: string): string {
  return operator.add('Softmax', [scores], 'weights', { axis: -1 })
}

/** What is added to the scores: minus infinity where a query may not look. Null if all may look at all. */
function maskOf(operator: Composing, queries: number, keys: number, isCausal: boolean): OnnxConstant | null {
  const given = operator.has(3) ? operator.constant(3) : null
  if (given && given.shape.at(-1) !== keys)
    throw new Error(`its mask of ${formatShape(given.shape)} is not for ${keys} keys`)
  const own =
    given?.type === 'bool'
      ? elementwise(given, (n) => (n === 0 ? Number.NEGATIVE_INFINITY : 0), 'float32')
      : given
  if (!isCausal) return own
  const past = computed([queries, keys], 'float32', [], () =>
    Float64Array.from({ length: queries * keys }, (_, i) =>
      i % keys <= Math.floor(i / keys) ? 0 : Number.NEGATIVE_INFINITY,
    ),
  )
  return own ? combined([own, past], 'float32', (a, b) => a! + b!) : past
}

/** Pairs of numbers of each token are turned by angles that its place says; `cos` and `sin` of them are given. */
const rotary: Compose = (operator) => {
  const { attributes } = operator
  const count = attributes.number('num_heads', 0)
  const isInterleaved = attributes.flag('interleaved')
  const dims = operator.dims(0)
  const size = dims.length === 4 ? dims[3]! : dims[2]! / count
  const turned = attributes.number('rotary_embedding_dim', 0) || size
  const x = heads(operator, 0, count, 'heads')
  const [cos, sin] = [1, 2].map((input) => {
    const cache = operator.input(input)
    const word = input === 1 ? 'cos' : 'sin'
    const own = operator.has(3)
      ? operator.add('Gather', [cache, operator.input(3)], `${word}_places`, { axis: 0 })
      : cache
    return operator.add('Unsqueeze', [own, operator.whole(1)], word)
  }) as [string, string]
  const part = (start: number, end: number, step: number, word: string): string =>
    operator.add('Slice', [x, ...[start, end, 3, step].map((n) => operator.whole(n))], word)
  const half = turned / 2
  const [first, second] = isInterleaved
    ? [part(0, turned, 2, 'even'), part(1, turned, 2, 'odd')]
    : [part(0, half, 1, 'first'), part(half, turned, 1, 'second')]
  const product = (a: string, b: string, word: string): string => operator.add('Mul', [a, b], word)
  const pair = [
    operator.add('Sub', [product(first, cos, 'first_cos'), product(second, sin, 'second_sin')], 'real'),
    operator.add('Add', [product(first, sin, 'first_sin'), product(second, cos, 'second_cos')], 'imaginary'),
  ]
  const rest = turned === size ? [] : [part(turned, size, 1, 'rest')]
  const rotated = isInterleaved ? zipped(operator, pair, turned) : pair
  const all = [...rotated, ...rest]
  sideBySide(operator, all.length === 1 ? all[0]! : operator.add('Concat', all, 'rotated', { axis: 3 }))
}

/** One after the other in turns, along the last axis. */
function zipped(operator: Composing, pair: readonly string[], length: number): readonly string[] {
  const apart = pair.map((one, i) => operator.add('Unsqueeze', [one, operator.whole(4)], `pair${i}`))
  const stacked = operator.add('Concat', apart, 'pairs', { axis: 4 })
  return [operator.add('Reshape', [stacked, operator.whole(0, 0, 0, length)], 'zipped')]
}

/** By the name of the operator, of ONNX's own domain. */
const composed: Readonly<Record<string, Compose>> = {
  Attention: attention,
  RotaryEmbedding: rotary,
  Shrink: shrink,
  SwiGLU: swiGlu,
  Swish: swish,
}

export function isComposed({ op, domain }: GraphNode): boolean {
  return domain === '' && Object.hasOwn(composed, op)
}

/**
 * The steps of an operator that `isComposed`, for what it reads. What they are called begins with `prefix` and a full stop. Throws
 * what is wrong, as the reader of an operator does.
 */
export function compositionOf(
  node: GraphNode,
  name: string,
  prefix: string,
  values: readonly (OnnxValue | undefined)[],
): Composition {
  const operator = new Composing(node, name, prefix, values)
  composed[node.op]!(operator)
  operator.attributes.finish()
  return { steps: named(operator.steps, node, name), constants: operator.constants }
}

/** Steps that compute nothing, so that no layer stands for them. */
const views: ReadonlySet<string> = new Set(['Reshape', 'Transpose'])

/** The last step that computes something stands for the operator. */
function named(steps: readonly Step[], { op, outputs }: GraphNode, name: string): readonly Step[] {
  const main = steps.findLastIndex(({ node }) => !views.has(node.op))
  const called = (tensor: string): string => (tensor === steps[main]!.name ? name : tensor)
  return steps.map((step, i) => {
    const node = {
      ...step.node,
      inputs: step.node.inputs.map(called),
      outputs: i === steps.length - 1 ? outputs : step.node.outputs.map(called),
    }
    return i === main ? { name, className: op, node: { ...node, name } } : { ...step, node }
  })
}
