/** @file Reads a network's prediction off its outputs, and finds which output stands for which class of the images. */
import type { Network, SupportedLayer } from '../../model/network.ts'
import type { ImageTable } from '../../images/imageTable.ts'

export interface Prediction {
  /** The index of the predicted output; 0 or 1 if there is only a single one. */
  readonly output: number
  /** 0…1 */
  readonly probability: number
}

/** The index of the layer with the network's answer: the last one if it is a vector, otherwise null. */
export function answerLayer(network: Network): number | null {
  const last = network.layers.at(-1)
  return last && last.op !== null && last.shape.length === 1 ? network.layers.length - 1 : null
}

/**
 * Returns null if a number is not finite. Outputs that are not probabilities go through softmax; a single one goes through the
 * logistic function.
 */
export function predictionOf(outputs: ArrayLike<number>): Prediction | null {
  const values = Array.from(outputs)
  if (values.length === 0 || !values.every(Number.isFinite)) return null
  if (values.length === 1) {
    const [value] = values as [number]
    const yes = value >= 0 && value <= 1 ? value : 1 / (1 + Math.exp(-value))
    return yes >= 0.5 ? { output: 1, probability: yes } : { output: 0, probability: 1 - yes }
  }
  const highest = Math.max(...values)
  const output = values.indexOf(highest)
  const sum = values.reduce((total, value) => total + value, 0)
  const areProbabilities = values.every((value) => value >= 0 && value <= 1) && highest > 0
  // Several sigmoids need not sum up to 1.
  if (areProbabilities) return { output, probability: sum > 1.001 ? highest : highest / sum }
  return { output, probability: 1 / values.reduce((total, value) => total + Math.exp(value - highest), 0) }
}

export interface ClassOutputs {
  /** The output that stands for each class, by class number; -1 if none does. */
  readonly outputOf: readonly number[]
  /** The class that each output stands for, by name. */
  readonly names: readonly string[]
  /** A clause that says how this is known. */
  readonly assumption: string
  /** Whether this is only an assumption, which has to prove itself on images. */
  readonly supposed: boolean
}

/**
 * The ways in which outputs may stand for classes. If a file gives the model's `labels`, they alone count. Otherwise, if
 * there are as many outputs as classes, they may stand for these in alphabetical order, as
 * `keras.utils.image_dataset_from_directory` numbers folders, or in the order in which the images come. The likelier one
 * comes first: an index that lists one class after the other gives the classes an order of its own. Empty if nothing can be
 * matched.
 */
export function classOutputs(
  network: Network,
  labels: readonly string[] | null,
  { classNames, classOf, order, index }: Pick<ImageTable, 'classNames' | 'classOf' | 'order' | 'index'>,
): readonly ClassOutputs[] {
  const answer = answerLayer(network)
  if (answer === null) return []
  const units = (network.layers[answer] as SupportedLayer).shape[0]!
  const outputs = units === 1 ? 2 : units
  if (labels?.length === outputs) {
    const plain = labels.map(plainName)
    const outputOf = classNames.map((name) => plain.indexOf(plainName(name)))
    const none = outputOf.every((output) => output < 0)
    const assumption = `the model’s file names its classes${none ? ', and none is a class of the images' : ''}`
    return [{ outputOf, names: labels, assumption, supposed: false }]
  }
  if (outputs !== classNames.length) return []
  const supposed = (names: readonly string[], how: string): ClassOutputs => ({
    outputOf: classNames.map((name) => names.indexOf(name)),
    names,
    assumption: `taking the outputs for the classes in ${how}`,
    supposed: true,
  })
  const alphabetical = classNames.toSorted((a, b) => (a < b ? -1 : 1))
  const inOrder = Array.from(order, (image) => classOf[image]!).filter((cls) => cls >= 0)
  const asTheyCome = [...new Set(inOrder)].map((cls) => classNames[cls]!)
  const byAlphabet = supposed(alphabetical, 'alphabetical order')
  if (String(asTheyCome) === String(alphabetical)) return [byAlphabet]
  const byImages = supposed(asTheyCome, 'the order of the images')
  const changes = inOrder.filter((cls, i) => i > 0 && cls !== inOrder[i - 1]).length
  const isListed = index !== null && changes === asTheyCome.length - 1
  return isListed ? [byImages, byAlphabet] : [byAlphabet, byImages]
}

/** Drops a number before the name: Teachable Machine writes `0 Cat`. */
function plainName(label: string): string {
  return label
    .replace(/^\d+\s+/, '')
    .trim()
    .toLowerCase()
}
