/** @file Einsum of two operands, as a product of matrices: each letter counts matrices, rows or columns, or is summed over. */
import { formatShape } from '../../kinds/kind.ts'
import type { NodeReading, OperatorReader } from '../nodeReading.ts'
import {
  type Axes,
  batchSide,
  dimsOfOperand,
  type Operand,
  operandOf,
  productOf,
  type ResultAxis,
} from '../products.ts'
import { permutedView } from '../views.ts'

/** Letters of the operands and of the result: `nchw,cd->ndhw`. */
interface Equation {
  readonly inputs: readonly (readonly string[])[]
  readonly output: readonly string[]
}

function equationOf(reading: NodeReading): Equation {
  const text = reading.attributes.text('equation', '').replaceAll(' ', '')
  const [left = '', right] = text.split('->')
  const inputs = left.split(',').map((letters) => [...letters])
  const repeats = (letters: readonly string[]): boolean => new Set(letters).size !== letters.length
  if (text.includes('.') || inputs.some(repeats) || repeats([...(right ?? '')]))
    reading.attributes.refuse('equation', text)
  // Without a result it has the letters that are there once, in the order of the alphabet.
  const all = inputs.flat()
  const once = all.filter((letter) => all.indexOf(letter) === all.lastIndexOf(letter)).toSorted()
  return { inputs, output: right === undefined ? once : [...right] }
}

const einsum: OperatorReader = (reading) => {
  const { inputs, output } = equationOf(reading)
  const operands = inputs.map((letters, i) => checked(operandOf(reading, i), letters))
  const alone = inputs
    .flat()
    .find((letter) => !output.includes(letter) && !inputs.every((one) => one.includes(letter)))
  if (alone !== undefined) throw new Error(`it sums over "${alone}" of one operand`)
  const [first, second] = operands
  if (operands.length === 1) {
    const tensor = reading.tensor(0)
    if (output.length < inputs[0]!.length) throw new Error('it sums over axes of one operand')
    return {
      ...tensor,
      view: permutedView(
        tensor.view,
        output.map((letter) => inputs[0]!.indexOf(letter)),
      ),
    }
  }
  if (operands.length !== 2) throw new Error(`it has ${operands.length} operands`)
  const [a, b] = inputs as [readonly string[], readonly string[]]
  const shared = a.filter((letter) => b.includes(letter))
  const batch = output.filter((letter) => shared.includes(letter))
  const axesOf = (own: readonly string[]): Axes => {
    const places = (letters: readonly string[]): number[] => letters.map((letter) => own.indexOf(letter))
    return {
      batch: places(batch),
      outer: places(output.filter((letter) => own.includes(letter) && !batch.includes(letter))),
      inner: places(shared.filter((letter) => !batch.includes(letter))),
    }
  }
  const axes = [axesOf(a), axesOf(b)] as const
  const counting = batchSide([first!, second!], axes)
  const result = output.map((letter): ResultAxis => {
    if (batch.includes(letter))
      return { of: 'batch', side: counting, at: (counting === 'first' ? a : b).indexOf(letter) }
    const side = a.includes(letter) ? 'first' : 'second'
    return { of: 'outer', side, at: (side === 'first' ? a : b).indexOf(letter) }
  })
  return productOf(reading, [first!, second!], axes, result)
}

function checked(operand: Operand, letters: readonly string[]): Operand {
  const dims = dimsOfOperand(operand)
  if (dims.length !== letters.length)
    throw new Error(`it has letters ${letters.join('')} for ${formatShape(dims)}`)
  return operand
}

export const einsums: Readonly<Record<string, OperatorReader>> = { Einsum: einsum }
