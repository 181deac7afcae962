/**
 * @file Activation functions and local response normalization that a file spells out in several nodes, as PyTorch's exporters do:
 * if nothing else reads the steps, they are one layer, which is the last of them. GELU is `x / 2 + x · F / 2` with
 * `F = erf(x / √2)`.
 */
import type { Layer, Operation, PlainActivation, SupportedLayer } from '../network.ts'
import { type Shortened, Steps } from './steps.ts'
import { constant, isArithmetic, isSame, mostSteps, power, sum, type Terms, termsOf } from './terms.ts'

/** `kept`: layers that have to stay, as outputs of the network. */
export function withoutSteps(given: readonly Layer[], kept: ReadonlySet<number>): Shortened {
  const steps = new Steps(given, kept)
  for (const find of [softplus, activation, localResponse])
    for (const index of given.keys()) find(steps, index)
  return steps.shortened()
}

interface Spelled {
  readonly fn: PlainActivation
  /** As ONNX calls the operator, or PyTorch the module. */
  readonly className: string
  /** The function `F`, and what it is of. */
  readonly of: string
  readonly argument: Terms
  readonly result: Terms
}

const plain: Terms = new Map([[power(1, 0), 1]])
const gated: Terms = new Map([[power(1, 1), 1]])
const half: Terms = new Map([
  [power(1, 0), 0.5],
  [power(1, 1), 0.5],
])
const raisedByThree: Terms = new Map([
  [power(0, 0), 3],
  [power(1, 0), 1],
])
const slope = Math.sqrt(2 / Math.PI)

const spelled: readonly Spelled[] = [
  { fn: 'silu', className: 'SiLU', of: 'sigmoid', argument: plain, result: gated },
  { fn: 'hard_silu', className: 'HardSwish', of: 'hard_sigmoid', argument: plain, result: gated },
  {
    fn: 'hard_silu',
    className: 'HardSwish',
    of: 'relu6',
    argument: raisedByThree,
    result: new Map([[power(1, 1), 1 / 6]]),
  },
  {
    fn: 'hard_sigmoid',
    className: 'HardSigmoid',
    of: 'relu6',
    argument: raisedByThree,
    result: new Map([[power(0, 1), 1 / 6]]),
  },
  { fn: 'mish', className: 'Mish', of: 'tanh of softplus', argument: plain, result: gated },
  {
    fn: 'gelu',
    className: 'Gelu',
    of: 'erf',
    argument: new Map([[power(1, 0), Math.SQRT1_2]]),
    result: half,
  },
  {
    fn: 'gelu_tanh',
    className: 'Gelu',
    of: 'tanh',
    argument: new Map([
      [power(1, 0), slope],
      [power(3, 0), slope * 0.044715],
    ]),
    result: half,
  },
]

function activationOf(steps: Steps, index: number): string | null {
  const op = steps.layer(index)?.op
  if (op?.kind === 'activation') return op.activation.fn
  return op?.kind === 'pointwise' ? op.fn : null
}

/** The function that a layer is, and its steps; the last of these reads the argument. */
function functionAt(
  steps: Steps,
  index: number,
): { readonly of: string; readonly own: readonly number[] } | null {
  const of = activationOf(steps, index)
  if (of === null) return null
  const [input] = steps.layer(index)!.inputs
  return of === 'tanh' && activationOf(steps, input!) === 'softplus'
    ? { of: 'tanh of softplus', own: [index, input!] }
    : { of, own: [index] }
}

function activation(steps: Steps, f: number): void {
  const found = functionAt(steps, f)
  const candidates = found ? spelled.filter(({ of }) => of === found.of) : []
  if (!found || candidates.length === 0) return
  const [argument] = steps.layer(found.own.at(-1)!)!.inputs
  for (const last of waysOn(steps, f))
    for (const x of before(steps, argument!))
      for (const { fn, className, argument: wantedArgument, result } of candidates) {
        const taken = new Set(found.own)
        const of = termsOf(steps, argument!, x, null, taken)
        const whole = of && isSame(of, wantedArgument) ? termsOf(steps, last, x, f, taken) : null
        if (!whole || !isSame(whole, result)) continue
        if (steps.replace(last, taken, { kind: 'activation', activation: { fn } }, className, x)) return
      }
}

/** The layers that follow one after the other, as long as each is all that reads the one before. */
function waysOn(steps: Steps, start: number): readonly number[] {
  const way: number[] = []
  let next = [start]
  while (next.length === 1 && way.length < mostSteps) {
    next = [...new Set(steps.readers(next[0]!))]
    if (next.length === 1) way.push(next[0]!)
  }
  return way
}

/** The layer itself and those that it is computed from within some steps. */
function before(steps: Steps, start: number): readonly number[] {
  const found = new Set([start])
  for (const index of found) {
    if (found.size > mostSteps) break
    const layer = steps.layer(index)
    if (layer && isArithmetic(layer.op)) for (const input of layer.inputs) found.add(input)
  }
  return [...found]
}

/** Where numbers are larger PyTorch takes them as they are: `log(1 + eˣ) − x` is less than 1e-6 from here on. */
const leastThreshold = 14

/** `log(1 + eˣ)`, and `x` instead of it where it is large. */
function softplus(steps: Steps, last: number): void {
  const layer = steps.layer(last)
  if (!layer) return
  const op = { kind: 'activation', activation: { fn: 'softplus' } } as const
  if (activationOf(steps, last) === 'log') {
    const taken = new Set([last])
    const [argument] = layer.inputs
    const [exponential] = steps.layer(argument!)?.inputs ?? []
    if (exponential === undefined || activationOf(steps, exponential) !== 'exponential') return
    const terms = termsOf(steps, argument!, exponential, null, taken)
    const wanted = sum(plain, constant(1))
    if (!terms || !isSame(terms, wanted)) return
    taken.add(exponential)
    steps.replace(last, taken, op, 'Softplus', steps.layer(exponential)!.inputs[0]!)
  } else if (layer.op.kind === 'where' && layer.op.operands.every((operand) => operand === 'input')) {
    const [mask, x, soft] = layer.inputs as readonly [number, number, number]
    const test = steps.layer(mask)
    const isLarge =
      test?.op.kind === 'withConstant' &&
      test.op.fn === 'greater' &&
      !test.op.constantFirst &&
      typeof test.op.constant === 'number' &&
      test.op.constant >= leastThreshold &&
      test.inputs[0] === x
    if (isLarge && activationOf(steps, soft) === 'softplus' && steps.layer(soft)!.inputs[0] === x)
      steps.replace(last, new Set([mask, soft, last]), op, 'Softplus', x)
  }
}

/** `x / (base + alpha · mean)^beta`, with the mean of the squares of neighbouring channels, zeros beyond the first and the last. */
function localResponse(steps: Steps, last: number): void {
  const layer = steps.layer(last)
  if (layer?.op.kind !== 'merge' || layer.op.fn !== 'divide') return
  const [x, divisor] = layer.inputs as readonly [number, number]
  const root = steps.layer(divisor)
  const beta = root && exponentOf(root.op)
  if (!root || beta === null) return
  const mean = before(steps, root.inputs[0]!).find((index) => isMeanOfChannels(steps.layer(index)))
  const padded = mean === undefined ? null : steps.layer(steps.layer(mean)!.inputs[0]!)
  if (mean === undefined || padded?.op.kind !== 'padChannels' || padded.op.value !== 0) return
  const taken = new Set([last, divisor, mean, steps.layer(mean)!.inputs[0]!])
  const squares = termsOf(steps, padded.inputs[0]!, x, null, taken)
  const terms = termsOf(steps, root.inputs[0]!, x, mean, taken)
  const alpha = terms?.get(power(0, 1))
  const base = terms?.get(power(0, 0)) ?? 0
  const isAffine = terms && [...terms.keys()].every((key) => key === power(0, 1) || key === power(0, 0))
  if (!squares || !isSame(squares, new Map([[power(2, 0), 1]])) || alpha === undefined || !isAffine) return
  const size = padded.shape.at(-1)! - steps.layer(mean)!.shape.at(-1)! + 1
  // Where the window lies, as the kind has it; PyTorch has one more in front of an even number.
  if (padded.op.before !== Math.floor((size - 1) / 2)) return
  steps.replace(last, taken, { kind: 'lrn', size, alpha, beta, base }, 'LRN', x)
}

function exponentOf(op: Operation): number | null {
  if (op.kind === 'pointwise') return op.fn === 'sqrt' ? 0.5 : null
  const isPower = op.kind === 'withConstant' && op.fn === 'power' && !op.constantFirst
  return isPower && typeof op.constant === 'number' ? op.constant : null
}

/** A mean of channels is read as a convolution. */
function isMeanOfChannels(layer: SupportedLayer | null): boolean {
  return layer?.className === 'AveragePool' && layer.op.kind === 'conv'
}
