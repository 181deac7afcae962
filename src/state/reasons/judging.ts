/** @file Which outputs of the network are judged, and by which classes of the images. */
import type { SupportedLayer } from '../../core/model/network.ts'
import {
  type ClassOutputs,
  classOutputs,
  type Prediction,
  predictionOf,
} from '../../core/preprocessing/guess/prediction.ts'
import { bestNumbering } from '../../core/preprocessing/guess/trial.ts'
import { givesAnswer } from '../../core/reasons/answers.ts'
import { Judge, type OutputScale, scaleOf } from '../../core/reasons/judge.ts'
import { changedPart, outputBehind } from '../../core/reasons/networkBehind.ts'
import type { OpenModel } from '../model/openModel.ts'
import type { AblationPlace, Baseline } from './ablation.ts'

/** The layer whose outputs are looked at if one of this layer's channels is changed; null if nothing depends on it. */
export function outputOf({ network }: OpenModel, layer: number): number | null {
  const { op } = network.layers[layer]!
  return op === null ? null : outputBehind(network, changedPart(network, layer).layer)
}

export interface Judging {
  readonly judge: Judge
  readonly scale: OutputScale
  readonly classes: ClassOutputs | null
}

/** `proved` is the numbering of classes that a comparison has proved, if there was one. */
export function judgingOf(place: AblationPlace, baseline: Baseline, proved: ClassOutputs | null): Judging {
  const { model, images, layer } = place
  const { network, labels } = model
  const { rows, outputs } = baseline
  const { table } = images
  const output = outputOf(model, layer)!
  const classOf = Array.from(baseline.images, (image) => table.classOf[image]!)
  const predictions = classOf.map((_, i): Prediction | null =>
    predictionOf(rows.subarray(i * outputs, (i + 1) * outputs)),
  )
  const numberings = classOutputs(network, labels, table)
  const classes = proved ?? bestNumbering([predictions], classOf, numberings)
  const scale = scaleOf(rows, givesAnswer(network, output, labels !== null || classes !== null))
  const isMatched = scale !== 'numbers' && classes !== null
  const wanted = isMatched ? Int32Array.from(classOf, (one) => classes.outputOf[one] ?? -1) : null
  return { judge: new Judge({ rows, outputs, scale, wanted }), scale, classes: isMatched ? classes : null }
}

/** The number of outputs. */
export function outputCount({ network }: OpenModel, output: number): number {
  return (network.layers[output] as SupportedLayer).shape.at(-1)!
}
