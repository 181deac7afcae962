/** @file Arithmetic whose operands may be constants: the operation nodes of Keras 3 and of TensorFlow in Keras 2. */
import type { Arithmetic, OperationOf } from '../../network.ts'
import type { LayerConfig } from './layerConfig.ts'

type Combined = OperationOf<'merge'> | OperationOf<'withConstant'> | OperationOf<'rescale'>

export function mergeOf(config: LayerConfig, fn: Arithmetic): OperationOf<'merge'> {
  // In Keras' order of axes a vector would run along the columns.
  if (new Set(config.context.inputs?.map(({ length }) => length)).size > 1 && config.context.channelsFirst)
    config.refuse('data_format', 'channels_first')
  return { kind: 'merge', fn }
}

/** Tensors only, or one tensor and a number, or a list of one number a channel. */
export function combination(config: LayerConfig, fn: Arithmetic): Combined {
  const { operands } = config.context
  const constants = operands?.filter((operand) => operand !== 'tensor') ?? []
  if (!operands || constants.length === 0) return mergeOf(config, fn)
  const [constant] = constants
  if (operands.length !== 2 || constants.length !== 1 || constant === undefined)
    return config.refuse('operands', operands)
  const constantFirst = operands[0] !== 'tensor'
  return typeof constant === 'number'
    ? { kind: 'withConstant', fn, constant, constantFirst }
    : withList(config, fn, constant, constantFirst)
}

function withList(
  config: LayerConfig,
  fn: Arithmetic,
  list: readonly number[],
  constantFirst: boolean,
): OperationOf<'rescale'> {
  config.needsChannelsLast()
  const rescale = (scale: readonly number[], offset: readonly number[]): OperationOf<'rescale'> => ({
    kind: 'rescale',
    scale,
    offset,
  })
  if (fn === 'add') return rescale([1], list)
  if (fn === 'multiply') return rescale(list, [0])
  if (fn === 'subtract')
    return constantFirst
      ? rescale([-1], list)
      : rescale(
          [1],
          list.map((n) => -n),
        )
  if (fn === 'divide' && !constantFirst)
    return rescale(
      list.map((n) => 1 / n),
      [0],
    )
  return config.refuse('a list of numbers', list)
}
