/**
 * @file Which preprocessing a model seems to expect, with reasons. A guess is never applied by itself: the notebook's
 * 0…1 stays until somebody says otherwise.
 */
import { channelCount, type Network } from '../../model/network.ts'
import { unitsOf } from '../../model/units.ts'
import { type Architecture, architectureOf } from './guessArchitecture.ts'
import { type InputStart, inputStart, type InputWeights } from './guessInput.ts'
import { normalizations } from '../normalize.ts'
import { notebookPreprocessing, type Preprocessing } from '../preprocessing.ts'
import { presets } from '../presets.ts'

/** `sure`: the file says so; `likely`: a network of this name does; `possible`: worth a try. */
export type Confidence = 'sure' | 'likely' | 'possible'

export interface Guess {
  /** Of the preset. */
  readonly id: string
  /** `−1…1` */
  readonly label: string
  /** What it says; the other settings stay as they are. */
  readonly settings: Partial<Preprocessing>
  readonly confidence: Confidence
  /** A clause that goes on from "This model seems to expect −1…1:". */
  readonly reason: string
}

export interface ModelEvidence {
  readonly network: Network
  /** Of the file or folder. */
  readonly name: string
  readonly inputWeights: InputWeights
  readonly madeBy: 'Teachable Machine' | null
}

const labels: Readonly<Record<string, string>> = {
  notebook: '0…1',
  raw: '0…255',
  tf: '−1…1',
  torch: '0…1 less ImageNet’s mean, by its deviation',
  caffe: 'BGR 0…255 less ImageNet’s mean',
  'teachable-machine': '−1…1 of the centre square',
  inverted: '1…0 (inverted)',
}

/** Best first; empty where nothing is known. The first one is worth a word to the user unless it is only `possible`. */
export function guessPreprocessing(evidence: ModelEvidence): readonly Guess[] {
  const { network, inputWeights, name, madeBy } = evidence
  const start = inputStart(network, inputWeights)
  const architecture = architectureOf(network, name)
  const found = [
    ...(madeBy ? [guess('teachable-machine', 'sure', `${madeBy} made it and feeds its models so`)] : []),
    ...byWholeNumbers(network),
    ...byStatistics(start, network),
    ...byRescaling(start, network, architecture),
    ...byArchitecture(start, architecture),
    ...byShape(network),
  ]
  return found.filter(({ id }, i) => found.findIndex((one) => one.id === id) === i)
}

/** Guesses first, then every other usual way, each once: what is worth trying on pictures. */
export function candidatesFor(evidence: ModelEvidence): readonly Guess[] {
  const guesses = guessPreprocessing(evidence)
  const others = usual(evidence.network).filter((id) => !guesses.some((one) => one.id === id))
  return [...guesses, ...others.map((id) => guess(id, 'possible', 'it is often used'))]
}

/** The settings with what the guess says. */
export function withGuess(preprocessing: Preprocessing, { settings }: Guess): Preprocessing {
  return { ...preprocessing, ...settings }
}

/** Whether settings already are what the guess says. */
export function followsGuess(preprocessing: Preprocessing, { settings }: Guess): boolean {
  const names = Object.keys(settings) as (keyof Preprocessing)[]
  return names.every((name) => String(preprocessing[name]) === String(settings[name]))
}

/** The name of a pixel range as settings have it, for sentences. */
export function rangeLabel(preprocessing: Preprocessing): string {
  const known = Object.keys(labels).find((id) => followsGuess(preprocessing, guess(id, 'possible', '')))
  const scale = { '0..1': '0…1', '-1..1': '−1…1', '0..255': '0…255' }[preprocessing.scale]
  return known ? labels[known]! : `${scale} with your own numbers`
}

function guess(id: string, confidence: Confidence, reason: string): Guess {
  const { settings } = presets.find((preset) => preset.id === id)!
  const { scale, mean, std, channels } = notebookPreprocessing
  return { id, label: labels[id]!, confidence, reason, settings: { scale, mean, std, channels, ...settings } }
}

/** Presets of pixel ranges that a network of so many channels may expect. */
function usual({ inputShape }: Network): string[] {
  const ranges = ['notebook', 'tf', 'raw']
  if (inputShape[2] === 3) return [...ranges, 'torch', 'caffe']
  return inputShape[2] === 1 ? [...ranges, 'inverted'] : ranges
}

function byWholeNumbers({ layers }: Network): Guess[] {
  const isCut = layers.some(({ op }) => op?.kind === 'wholeNumbers')
  return isCut ? [guess('raw', 'sure', 'its input takes whole numbers')] : []
}

/** Lowest and highest value of a channel. */
type Range = readonly [low: number, high: number]

function rangesOf(id: string, channels: number): Range[] {
  const settings = { ...notebookPreprocessing, ...guess(id, 'possible', '').settings }
  return normalizations(settings, channels).map(({ ofByte }) => [ofByte[0]!, ofByte[255]!])
}

/** Of photographs, as parts of the range from black to white: mean and standard deviation. */
const photographs = { mean: 0.45, deviation: 0.27 }
/** How much a mean that is off by the whole range counts: colour pictures are seldom as dark as handwriting is. */
const meanWeight = { colour: 1.2, grey: 0.4 }
/** Costs that differ by less than this decide nothing for sure. */
const clearMargin = 0.4

/** What a batch normalization has stored tells what pixels were in training. */
function byStatistics({ scale, offset, statistics }: InputStart, { inputShape }: Network): Guess[] {
  if (!statistics) return []
  const channels = inputShape[2]
  const costs = usual({ inputShape } as Network)
    // Upside down, the statistics of pictures look alike.
    .filter((id) => id !== 'inverted')
    .map((id) => {
      const cost = rangesOf(id, channels).reduce((sum, [low, high], c) => {
        const ends = [low, high].map((value) => value * scale[c]! + offset[c]!)
        const range: Range = [Math.min(...ends), Math.max(...ends)]
        const [mean, variance] = [statistics.mean[c]!, statistics.variance[c]!]
        return sum + statisticsCost(range, mean, variance, channels === 1 ? 'grey' : 'colour') / channels
      }, 0)
      return { id, cost }
    })
    .toSorted((a, b) => a.cost - b.cost)
  const [best, second] = costs
  if (!best || best.cost > 1.2) return []
  const clear = (second?.cost ?? Infinity) - best.cost > clearMargin
  const [mean, deviation] = [statistics.mean[0]!, Math.sqrt(statistics.variance[0]!)]
  return [
    guess(
      best.id,
      clear ? 'sure' : 'likely',
      `by what ${statistics.layer} has stored, it was trained on pixels of mean ${short(mean)} and deviation ${short(deviation)}`,
    ),
  ]
}

/** Infinite where no values within the range have these statistics (Bhatia and Davis, 2000). */
function statisticsCost(
  [low, high]: Range,
  mean: number,
  variance: number,
  pictures: keyof typeof meanWeight,
): number {
  const width = high - low
  const slack = 0.02 * width
  const most = (mean - low + slack) * (high - mean + slack)
  if (mean < low - slack || mean > high + slack || variance > most) return Infinity
  const deviation = Math.sqrt(variance) / width
  return (
    Math.abs(Math.log(Math.max(deviation, 1e-6) / photographs.deviation)) +
    meanWeight[pictures] * Math.abs((mean - low) / width - photographs.mean)
  )
}

/** What networks compute with, behind whatever they do to their input. */
const targets = ['notebook', 'tf', 'torch', 'caffe', 'raw']
/** Relative difference of two ranges that are still the same. */
const sameRange = 0.4

/** Layers inside that shift and scale: the settings that make a usual range of it. */
function byRescaling(start: InputStart, network: Network, architecture: Architecture | null): Guess[] {
  if (start.rescaling.length === 0) return []
  const wanted = architecture && architecture.by !== 'file' ? [architecture.expects] : []
  const best = bestMatch(start, network, wanted) ?? bestMatch(start, network, targets)
  if (!best) return []
  const layers = start.rescaling.join(', ')
  const reason = `its layer${start.rescaling.length > 1 ? 's' : ''} ${layers} ${start.rescaling.length > 1 ? 'rescale' : 'rescales'} it inside`
  return [guess(best, 'sure', reason)]
}

function bestMatch(start: InputStart, network: Network, ids: readonly string[]): string | null {
  const channels = network.inputShape[2]
  const kept = ids.filter((id) => channels === 3 || (id !== 'torch' && id !== 'caffe'))
  const costs = ['raw', 'notebook', 'tf'].flatMap((id) =>
    kept.map((target) => ({
      id,
      cost: rangeCost(start, rangesOf(id, channels), rangesOf(target, channels)),
    })),
  )
  const [best] = costs.toSorted((a, b) => a.cost - b.cost)
  return best && best.cost < sameRange ? best.id : null
}

function rangeCost({ scale, offset }: InputStart, given: readonly Range[], wanted: readonly Range[]): number {
  return given.reduce((sum, range, c) => {
    const [low, high] = range.map((value) => value * scale[c]! + offset[c]!) as [number, number]
    const [targetLow, targetHigh] = wanted[c]!
    const width = targetHigh - targetLow
    const centre = Math.abs(low + high - targetLow - targetHigh) / 2 / width
    return sum + (Math.abs(Math.log(Math.abs(high - low) / width)) + centre) / given.length
  }, 0)
}

function byArchitecture({ straight, rescaling }: InputStart, architecture: Architecture | null): Guess[] {
  // What its layers do to the input has been judged already.
  if (!architecture || rescaling.length > 0) return []
  const { name, expects, by } = architecture
  if (by === 'file') return [guess(expects, 'possible', `its file is called like a ${name}`)]
  const article = /^[AEIO]/.test(name) ? 'an' : 'a'
  return [guess(expects, straight ? 'likely' : 'possible', `it holds ${article} ${name}`)]
}

/** Weak signs. */
function byShape(network: Network): Guess[] {
  const [, , channels] = network.inputShape
  const found: Guess[] = []
  const last = network.layers.at(-1)
  const isVector = last && last.op !== null && unitsOf(last.shape)?.kind === 'vector'
  const outputs = isVector ? channelCount(last.shape) : 0
  // One more than ImageNet's classes: TF-Slim counts the background.
  if (outputs === 1001) found.push(guess('tf', 'possible', 'it has 1,001 outputs, as networks of TF-Slim'))
  // TF-Hub's convention for images, and that of most converted models.
  if (network.layers[network.input]?.className === 'Placeholder')
    found.push(guess('notebook', 'possible', 'TensorFlow Hub feeds its models so'))
  if (channels === 1)
    found.push(
      guess('notebook', 'possible', 'networks for grey pictures mostly get this'),
      guess('inverted', 'possible', 'networks for handwriting mostly see white on black'),
    )
  return found
}

function short(value: number): string {
  return String(Number(value.toPrecision(2))).replace('-', '−')
}
