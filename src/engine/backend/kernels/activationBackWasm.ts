/** @file Runs `activationBackProgram` on WASM. */
import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { Activation } from '../../../core/model/network.ts'
import {
  type ActivationBackProgram,
  activationBackProgram,
  type BackActivation,
  knownByOutput,
  tileWidths,
} from './activationBackProgram.ts'
import { addressOf, arithmeticOf } from './convolution/job.ts'
import { convolvesHere } from './convolution/register.ts'
import { wasmPrograms } from './wasmProgram.ts'

const programOf = wasmPrograms()

const kernelName = 'OwnActivationBack'

interface Known {
  readonly argument: tf.Tensor | null
  readonly output: tf.Tensor | null
}

/** The gradient before an activation function, while WASM computes; null if it cannot be done here. */
export function activationBackByOurs(
  activation: Activation,
  gradient: tf.Tensor,
  { argument, output }: Known,
): tf.Tensor | null {
  if (!isBackActivation(activation) || !convolvesHere()) return null
  const known = knownByOutput[activation.fn] ? output : argument
  if (!known || gradient.size < Math.min(...tileWidths)) return null
  const attributes = { activation: activation as unknown as tf.NamedAttrMap }
  return tf.engine().runKernel(kernelName, { gradient, known }, attributes)
}

function isBackActivation(activation: Activation): activation is BackActivation {
  return activation.fn in knownByOutput
}

tf.registerKernel({
  kernelName,
  backendName: 'wasm',
  kernelFunc({ inputs, attrs, backend }) {
    const { gradient, known } = inputs as { gradient: tf.TensorInfo; known: tf.TensorInfo }
    const { activation } = attrs as unknown as { activation: BackActivation }
    const wasm = backend as BackendWasm
    const count = tf.util.sizeFromShape(gradient.shape)
    const width = tileWidths.find((one) => one <= count)!
    const program = programOf<ActivationBackProgram>(wasm, `${width} ${JSON.stringify(activation)}`, () =>
      activationBackProgram(activation, width, arithmeticOf(wasm)!),
    )
    const output = wasm.makeOutput(gradient.shape, 'float32')
    program.back(addressOf(wasm, gradient), addressOf(wasm, known), count, addressOf(wasm, output))
    return output
  },
})
