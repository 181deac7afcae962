/**
 * @file How a layer is called: which tensors and constants it is applied to, as the versions of Keras write it.
 *
 * Keras 1 and 2: `[["name", 0, 0, {keywords}], …]`; operations of TensorFlow (TFOpLambda) put further tensors into
 * the keywords, and a constant that comes first is `["_CONSTANT_VALUE", -1, value, {…}]`.
 * Keras 3: `{args, kwargs}` with tensors `{class_name: "__keras_tensor__", config: {keras_history: ["name", 0, 0]}}`.
 */
import { shownValue } from '../../shownValue.ts'
import { type Json, list, object } from '../readJson.ts'

/** One output of one call of a layer. */
export interface TensorRef {
  readonly layer: string
  /** Which of the layer's calls. */
  readonly call: number
  /** Which of its outputs. */
  readonly output: number
}

/** An argument of a call for which their order counts: a tensor, or a constant. */
export type Operand = 'tensor' | number | readonly number[]

export interface KerasCall {
  readonly tensors: readonly TensorRef[]
  /** The positional arguments and `y`, in order; absent if all of them are tensors. */
  readonly operands?: readonly Operand[]
  /** Arguments that may change the result, by `call:<keyword>`, or `call:<index>` for positional ones. */
  readonly keywords: Json
  /** Why it cannot be computed; a clause for the user. */
  readonly problem?: string
}

/** `kerasMajor` decides what an explicit `training=True` means. */
export function readCalls(inboundNodes: unknown, kerasMajor: number): KerasCall[] {
  if (!Array.isArray(inboundNodes)) return []
  return inboundNodes.map((node: unknown) =>
    Array.isArray(node)
      ? new CallReader(kerasMajor).legacy(node)
      : new CallReader(kerasMajor).keras3(object(node, 'an inbound node is not an object')),
  )
}

class CallReader {
  readonly #kerasMajor: number
  readonly #tensors: TensorRef[] = []
  readonly #operands: Operand[] = []
  readonly #keywords: Record<string, unknown> = {}
  #problem: string | undefined

  constructor(kerasMajor: number) {
    this.#kerasMajor = kerasMajor
  }

  legacy(node: readonly unknown[]): KerasCall {
    const entries = (node.every(Array.isArray) ? node : [node]) as readonly (readonly unknown[])[]
    for (const [name, call, output] of entries) {
      // The third entry is the constant itself.
      if (name === '_CONSTANT_VALUE') this.#positional(output, this.#operands.length)
      else this.#tensor(tensorRef(name, call, output))
    }
    // All entries of a call carry the same keywords.
    this.#named((entries[0]?.[3] ?? {}) as Json)
    return this.#done()
  }

  keras3({ args, kwargs }: Json): KerasCall {
    const positional = Array.isArray(args) ? args : []
    for (const [index, value] of positional.entries()) this.#positional(value, index)
    this.#named((kwargs ?? {}) as Json)
    return this.#done()
  }

  #positional(value: unknown, index: number): void {
    const tensor = tensorOf(value)
    if (tensor) this.#tensor(tensor)
    else if (Array.isArray(value) && value.some((one) => tensorOf(one) !== null))
      for (const [i, one] of value.entries()) this.#positional(one, index + i)
    else if (isConstant(value)) this.#operands.push(value)
    else if (value !== null) this.#keywords[`call:${index}`] = value
  }

  #named(keywords: Json): void {
    for (const [key, value] of Object.entries(keywords)) {
      if (value === null || key === 'name') continue
      if (key === 'training') this.#training(value)
      else {
        const tensor = tensorOf(value)
        // `y` is the second operand of TensorFlow's binary functions; any other keyword matters too.
        if (tensor) this.#tensor(tensor)
        else if (key === 'y' && isConstant(value)) this.#operands.push(value)
        if (key !== 'y' || !(tensor || isConstant(value)))
          this.#keywords[`call:${key}`] = tensor ? 'a tensor' : value
      }
    }
  }

  /** Keras 3 overrides it when it predicts (Functional.call); Keras 2 keeps it, and the layer goes on training. */
  #training(value: unknown): void {
    if (value === true && this.#kerasMajor < 3) this.#problem ??= 'is called with training = true'
  }

  #tensor(tensor: TensorRef): void {
    this.#tensors.push(tensor)
    this.#operands.push('tensor')
  }

  #done(): KerasCall {
    const constants = this.#operands.some((operand) => operand !== 'tensor')
    return {
      tensors: this.#tensors,
      keywords: this.#keywords,
      ...(constants ? { operands: this.#operands } : {}),
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
    }
  }
}

/** A tensor in the form of Keras 3, or of a keyword in Keras 2: `["name", 0, 0]`. */
function tensorOf(value: unknown): TensorRef | null {
  if (Array.isArray(value)) {
    const [layer, call, output] = value as unknown[]
    return typeof layer === 'string' && isNumber(call) && isNumber(output) ? { layer, call, output } : null
  }
  if (typeof value !== 'object' || value === null) return null
  const { class_name, config } = value as Json
  if (class_name !== '__keras_tensor__') return null
  const history = object(config, 'a tensor has no config')['keras_history']
  const [layer, call, output] = list(history, 'a tensor has no keras_history')
  return tensorRef(layer, call, output)
}

/** Throws a plain Error, a clause, if that names no output of a layer. */
export function tensorRef(layer: unknown, call: unknown, output: unknown): TensorRef {
  if (typeof layer !== 'string' || !isNumber(call) || !isNumber(output))
    throw new Error(`a layer takes ${shownValue([layer, call, output])}, which names no output of a layer`)
  return { layer, call, output }
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isConstant(value: unknown): value is number | readonly number[] {
  return typeof value === 'number' || (Array.isArray(value) && value.every((one) => typeof one === 'number'))
}
