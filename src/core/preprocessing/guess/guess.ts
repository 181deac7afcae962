/**
 * @file Guesses which preprocessing a model expects, with reasons. A guess is never applied by itself: the notebook's
 * 0…1 stays until the user changes it.
 */
import { channelCount, type Network } from '../../model/network.ts'
import { unitsOf } from '../../model/units.ts'
import { type Architecture, architectureOf } from './guessArchitecture.ts'
import { type InputStart, inputStart, type InputWeights } from './guessInput.ts'
import { normalizations } from '../normalize.ts'
import { followsGuess } from './followedGuess.ts'
import { notebookPreprocessing, type Preprocessing } from '../preprocessing.ts'
import { presets } from '../presets.ts'
import { type Maker, type TorchModel, torchModelOf } from './torchModels.ts'

/** `sure`: the file says so; `likely`: networks of this name expect it; `possible`: it is worth a try. */
export type Confidence = 'sure' | 'likely' | 'possible'

export interface Guess {
  /** The preset's id. */
  readonly id: string
  /** The name for the user, such as `−1…1`. */
  readonly label: string
  /** The guessed settings; the others stay as they are. */
  readonly settings: Partial<Preprocessing>
  readonly confidence: Confidence
  /** A clause that continues the sentence "This model seems to expect −1…1:". */
  readonly reason: string
}

export interface ModelEvidence {
  readonly network: Network
  /** The name of the model's file or folder. */
  readonly name: string
  readonly inputWeights: InputWeights
  readonly madeBy: Maker | null
}

/** The numbers that pixels become, by preset; of presets with the same numbers the first. */
const numberNames = {
  notebook: '0…1',
  raw: '0…255',
  tf: '−1…1',
  torch: '0…1 less ImageNet’s mean, by its deviation',
  caffe: 'BGR 0…255 less ImageNet’s mean',
  'timm-half': '−1…1 (mean 0.5)',
  clip: '0…1 less CLIP’s mean, by its deviation',
  inverted: '1…0 (inverted)',
} as const satisfies Readonly<Record<string, string>>

const labels: Readonly<Record<string, string>> = {
  ...numberNames,
  torchvision: 'torchvision’s crop, less ImageNet’s mean',
  'torchvision-v2': 'torchvision’s crop for V2 weights',
  timm: 'timm’s bicubic crop, less ImageNet’s mean',
  'timm-half': 'timm’s bicubic crop, −1…1',
  clip: 'CLIP’s bicubic crop, less its mean',
  fastai: 'fastai’s crop, less ImageNet’s mean',
  ultralytics: '0…1 in a letterbox',
  'ultralytics-classify': '0…1 of the resized centre',
  'teachable-machine': '−1…1 of the centre square',
}

/** The best guess first; empty if nothing is known. The first is shown to the user unless it is only `possible`. */
export function guessPreprocessing(evidence: ModelEvidence): readonly Guess[] {
  const { network, inputWeights, name, madeBy } = evidence
  const start = inputStart(network, inputWeights)
  const torch = torchModelOf(network, madeBy)
  const isTorch = torch !== null || madeBy === 'PyTorch'
  // Networks of both libraries have the same names, but not the same preprocessing.
  const architecture = isTorch ? null : architectureOf(network, name)
  const found = [
    ...byMaker(madeBy),
    ...byWholeNumbers(network),
    ...byStatistics(start, network, isTorch),
    ...byRescaling(start, network, architecture),
    ...byTorchModel(start, network, torch, isTorch),
    ...byArchitecture(start, architecture),
    ...byShape(network),
  ]
  return found.filter(({ id }, i) => found.findIndex((one) => one.id === id) === i)
}

/** What is worth trying on pictures: the guesses first, then every other usual preset, each once. */
export function candidatesFor(evidence: ModelEvidence): readonly Guess[] {
  const { network, madeBy } = evidence
  const guesses = guessPreprocessing(evidence)
  const isTorch = madeBy === 'PyTorch' || torchModelOf(network, madeBy) !== null
  const usualOnes = isTorch && network.inputShape[2] === 3 ? usualInTorch : usual(network)
  const others = usualOnes.filter((id) => !guesses.some((one) => one.id === id))
  return [...guesses, ...others.map((id) => guess(id, 'possible', 'it is often used'))]
}

/** Names the pixel range of the settings, for use in sentences. */
export function rangeLabel(preprocessing: Preprocessing): string {
  const known = (Object.keys(numberNames) as (keyof typeof numberNames)[]).find((id) =>
    followsGuess(preprocessing, { settings: numbersOf(id) }),
  )
  const scale = { '0..1': '0…1', '-1..1': '−1…1', '0..255': '0…255' }[preprocessing.scale]
  return known ? numberNames[known] : `${scale} with your own numbers`
}

function guess(id: string, confidence: Confidence, reason: string): Guess {
  const settings = { ...numbersOf(id), ...settingsOf(id) }
  return { id, label: labels[id]!, confidence, reason, settings }
}

function settingsOf(id: string): Partial<Preprocessing> {
  return presets.find((preset) => preset.id === id)!.settings
}

/** The settings of the preset that decide which numbers pixels become. */
function numbersOf(id: string): Pick<Preprocessing, 'scale' | 'mean' | 'std' | 'channels'> {
  const { scale, mean, std, channels } = { ...notebookPreprocessing, ...settingsOf(id) }
  return { scale, mean, std, channels }
}

/** Presets that a network with this number of input channels may expect. */
function usual({ inputShape }: Network): string[] {
  const ranges = ['notebook', 'tf', 'raw']
  if (inputShape[2] === 3) return [...ranges, 'torch', 'caffe']
  return inputShape[2] === 1 ? [...ranges, 'inverted'] : ranges
}

/** Ways that weights of PyTorch's libraries expect; what differs in the crop alone is left out. */
const usualInTorch = ['torchvision', 'timm', 'timm-half', 'clip', 'notebook', 'raw']

function byMaker(madeBy: Maker | null): Guess[] {
  if (madeBy !== 'Teachable Machine') return []
  return [guess('teachable-machine', 'sure', `${madeBy} made it and feeds its models so`)]
}

function byTorchModel(
  { straight, rescaling }: InputStart,
  { inputShape }: Network,
  torch: TorchModel | null,
  isTorch: boolean,
): Guess[] {
  // Layers that rescale the input are judged already, and the numbers are for pictures in colour.
  if (!isTorch || rescaling.length > 0 || inputShape[2] !== 3) return []
  if (!torch) return [guess('torchvision', 'possible', 'networks of PyTorch mostly get this')]
  const { name, expects } = torch
  if (expects.length === 1) return [guess(expects[0]!, straight ? 'likely' : 'possible', `it holds ${name}`)]
  return expects.map((id) => guess(id, 'possible', `it holds ${name}, of which some weights get this`))
}

function byWholeNumbers({ layers }: Network): Guess[] {
  const isCut = layers.some(({ op }) => op?.kind === 'wholeNumbers')
  return isCut ? [guess('raw', 'sure', 'its input takes whole numbers')] : []
}

/** The lowest and the highest value that a channel can have. */
type Range = readonly [low: number, high: number]

function rangesOf(id: string, channels: number): Range[] {
  const settings = { ...notebookPreprocessing, ...guess(id, 'possible', '').settings }
  return normalizations(settings, channels).map(({ ofByte }) => [ofByte[0]!, ofByte[255]!])
}

/** Mean and standard deviation of photographs, as parts of the range from black to white. */
const photographs = { mean: 0.45, deviation: 0.27 }
/** The cost of a mean that is off by the whole range. It is lower for grey pictures: handwriting may be all dark. */
const meanWeight = { colour: 1.2, grey: 0.4 }
/** If the two lowest costs differ by less than this, the guess is not sure. */
const clearMargin = 0.4

/** Presets of PyTorch's libraries with the numbers of Keras' presets. */
const inTorch: Readonly<Record<string, string>> = { torch: 'torchvision', tf: 'timm-half' }

/** Guesses from the statistics that a batch normalization has stored: they tell which pixels it saw in training. */
function byStatistics(
  { scale, offset, statistics }: InputStart,
  { inputShape }: Network,
  isTorch: boolean,
): Guess[] {
  if (!statistics) return []
  const channels = inputShape[2]
  const costs = usual({ inputShape } as Network)
    // Statistics do not tell a picture from its negative.
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
      (isTorch && inTorch[best.id]) || best.id,
      clear ? 'sure' : 'likely',
      `by what ${statistics.layer} has stored, it was trained on pixels of mean ${short(mean)} and deviation ${short(deviation)}`,
    ),
  ]
}

/**
 * How unlike photographs in this range the statistics are. Infinite if no values within the range can have them (the
 * inequality of Bhatia and Davis, 2000).
 */
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

/** The ranges that networks compute with after the layers that rescale their input. */
const targets = ['notebook', 'tf', 'torch', 'caffe', 'raw']
/** Ranges count as the same up to this relative difference. */
const sameRange = 0.4

/**
 * Guesses from layers at the network's start that shift and scale: finds the input range that they map to a usual one.
 */
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
  // If its layers rescale the input, `byRescaling` has judged that already.
  if (!architecture || rescaling.length > 0) return []
  const { name, expects, by } = architecture
  if (by === 'file') return [guess(expects, 'possible', `its file is called like a ${name}`)]
  const article = /^[AEIO]/.test(name) ? 'an' : 'a'
  return [guess(expects, straight ? 'likely' : 'possible', `it holds ${article} ${name}`)]
}

/** Guesses from weak signs: the number of outputs and of input channels, and TensorFlow Hub's convention. */
function byShape(network: Network): Guess[] {
  const [, , channels] = network.inputShape
  const found: Guess[] = []
  const last = network.layers.at(-1)
  const isVector = last && last.op !== null && unitsOf(last.shape)?.kind === 'vector'
  const outputs = isVector ? channelCount(last.shape) : 0
  // That is one more than ImageNet has classes: TF-Slim counts the background as a class.
  if (outputs === 1001) found.push(guess('tf', 'possible', 'it has 1,001 outputs, as networks of TF-Slim'))
  // A placeholder is a sign of TF-Hub, whose convention for images is 0…1, and that of most converted models too.
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
