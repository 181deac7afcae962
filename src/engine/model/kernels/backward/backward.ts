/**
 * @file What the way back through a kind of layer is: from the gradient of any number with respect to the layer's output to that
 * with respect to one of its inputs. Weights are constants. The families beside this file hold one for each kind.
 */
import type * as tf from '@tensorflow/tfjs'
import type { OperationKind, OperationOf } from '../../../../core/model/network.ts'

/** A layer on the way back. Tensors and shapes have the batch first. */
export interface Passed<K extends OperationKind> {
  readonly op: OperationOf<K>
  /** In the order of the kind's; those of biases and activations are of no use here. */
  readonly weights: readonly tf.Tensor[]
  /** The shapes of the inputs. */
  readonly shapes: readonly (readonly number[])[]
  /** The inputs of the way forward; none if `reads` does not ask for them. */
  readonly inputs: readonly tf.Tensor[]
  /** The output of the way forward; null if `reads` does not ask for it. */
  readonly output: tf.Tensor | null
}

/** What the way back reads of the way forward, and what is therefore kept in memory until then. */
export interface Reads {
  readonly inputs?: true
  readonly output?: true
}

export const nothing: Reads = {}

export interface Backward<K extends OperationKind> {
  reads(op: OperationOf<K>): Reads
  /**
   * Takes d / d output, and returns d / d `inputs[input]`, of that input's shape; null if it is 0 everywhere. It may return
   * `gradient` itself. The caller tidies. Kinds that end in a bias and an activation get the gradient before these two: their
   * activation is none of their business.
   */
  back(gradient: tf.Tensor, layer: Passed<K>, input: number): tf.Tensor | null
}

/** Some kinds with their way back; a family is one of these, with `satisfies`, so that its keys are known. */
export type Backwards = { readonly [K in OperationKind]?: Backward<K> }
