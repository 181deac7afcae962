/** Pictures that are made for units: their slopes, their values, and their bits. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { elementCount, type Pair, type SupportedLayer } from '../../../src/core/model/network.ts'
import { type Preprocessing, notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { gaussians } from '../../../src/core/reasons/gaussians.ts'
import { pictureBands } from '../../../src/core/reasons/pictureBands.ts'
import { realFourier } from '../../../src/core/reasons/realFourier.ts'
import { colourAxes, type PictureSample } from '../../../src/core/reasons/spectrum.ts'
import { useBackend } from '../../../src/engine/backend/tfjsBackend.ts'
import { PixelReader } from '../../../src/engine/images/decodeImage.ts'
import { inputOfPixels } from '../../../src/engine/images/pictureInput.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { inputSpectrum, samplePictures, spectrumOf } from '../../../src/engine/reasons/inputSpectrum.ts'
import { PictureWaves } from '../../../src/engine/reasons/pictureWaves.ts'
import {
  synthesisPlace,
  synthesize,
  type SynthesisProgress,
  type SynthesisRequest,
} from '../../../src/engine/reasons/synthesis.ts'
import { type Climbed, climbedPart, slopeOf } from '../../../src/engine/reasons/unitHill.ts'
import { channelMap } from '../../../src/engine/scan/channelMap.ts'
import { everyKernel } from '../everyKernel.ts'
import { goldenPicture } from '../goldenInput.ts'
import { noiseWeights } from '../noiseNetwork.ts'

const read = (tensor: tf.Tensor): Promise<Float32Array> => tensor.data<'float32'>()
const preprocessing: Preprocessing = {
  ...notebookPreprocessing,
  channels: 'bgr',
  scale: '-1..1',
  std: [0.5, 0.7, 1],
}

let network: TapNetwork
const indexOf = (name: string): number => network.network.layers.findIndex((layer) => layer.name === name)
const reader = new PixelReader()

/** Pictures of noise with more of the low frequencies. */
function noisePictures(count: number, height: number, width: number): PictureSample {
  const bands = 3
  const noise = gaussians(count * height * width * bands, 9)
  const data = Uint8Array.from(noise, (value, i) => {
    const row = Math.floor(i / (width * bands)) % height
    return Math.max(0, Math.min(255, 100 + 40 * value + 60 * Math.sin(row / 4 + (i % bands))))
  })
  return { count, height, width, bands, data }
}

describe.each(['wasm', 'webgl'] as const)('%s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
    const plain = everyKernel()
    network = new TapNetwork(plain, noiseWeights(plain))
    return () => network.dispose()
  })

  it('waves add up to the picture that the double sum over cosines and sines gives, and back', async () => {
    const sample = noisePictures(6, 9, 8)
    const spectrum = await spectrumOf(sample, [5, 4], 1, read)
    const { height, width, bands, axes, amplitude } = spectrum
    const [rows, columns] = [realFourier(height).matrix, realFourier(width).matrix]
    const coefficients = gaussians(height * width * bands, 2)
    const expected = new Float64Array(coefficients.length)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let i = 0; i < height; i++)
          for (let j = 0; j < width; j++)
            for (let axis = 0; axis < bands; axis++) {
              const at = (i * width + j) * bands + axis
              const wave =
                rows[i * height + y]! * columns[j * width + x]! * amplitude[at]! * coefficients[at]!
              for (let c = 0; c < bands; c++)
                expected[(y * width + x) * bands + c]! += wave * axes[axis * bands + c]!
            }
    const waves = new PictureWaves(spectrum)
    const input = tf.tensor4d(coefficients, waves.shape)
    const sum = waves.sum(input)
    const found = await read(sum)
    const largest = Math.max(...expected.map(Math.abs))
    for (const [i, value] of found.entries())
      expect(Math.abs(value - expected[i]!)).toBeLessThan(5e-6 * largest)
    // The way back is the transpose: ⟨sum(z), g⟩ = ⟨z, back(g)⟩.
    const other = tf.tensor4d(gaussians(coefficients.length, 3), waves.shape)
    const back = waves.back(other)
    const [left, right] = [tf.sum(tf.mul(sum, other)), tf.sum(tf.mul(input, back))]
    expect((await read(left))[0]).toBeCloseTo((await read(right))[0]!, 2)
    tf.dispose([input, sum, other, back, left, right])
    waves.dispose()
  })

  it('a spectrum is the root mean square of what the cuts have of each wave', async () => {
    const sample = noisePictures(3, 6, 6)
    const spectrum = await spectrumOf(sample, [6, 6], 1, read)
    const { mean, axes } = colourAxes(sample)
    expect(spectrum.mean).toEqual(mean)
    const { matrix, frequencies } = realFourier(6)
    const squares = new Float64Array(6 * 6 * 3)
    for (let n = 0; n < 3; n++)
      for (let i = 0; i < 6; i++)
        for (let j = 0; j < 6; j++)
          for (let axis = 0; axis < 3; axis++) {
            let sum = 0
            for (let y = 0; y < 6; y++)
              for (let x = 0; x < 6; x++)
                for (let c = 0; c < 3; c++) {
                  const value = sample.data[((n * 6 + y) * 6 + x) * 3 + c]! - mean[c]!
                  sum += matrix[i * 6 + y]! * matrix[j * 6 + x]! * axes[axis * 3 + c]! * value
                }
            squares[(i * 6 + j) * 3 + axis]! += sum * sum
          }
    for (let i = 0; i < 6; i++)
      for (let j = 0; j < 6; j++)
        for (let axis = 0; axis < 3; axis++) {
          const alike = []
          for (let a = 0; a < 6; a++)
            for (let b = 0; b < 6; b++)
              if (frequencies[a] === frequencies[i] && frequencies[b] === frequencies[j])
                alike.push(squares[(a * 6 + b) * 3 + axis]!)
          const expected = Math.sqrt(alike.reduce((sum, one) => sum + one, 0) / alike.length / 3)
          const found = spectrum.amplitude[(i * 6 + j) * 3 + axis]!
          expect(Math.abs(found - expected)).toBeLessThan(1e-4 * expected + 1e-3)
        }
  })

  it.each<[string, Pair | null]>([
    ['winograd', [5, 4]],
    ['activated', [0, 0]],
    ['both', [7, 10]],
    ['flat_dense', [0, 0]],
    ['winograd_valid', null],
    ['dense', null],
  ])('the slope of %s at %j is what differences of the picture give', async (name, unit) => {
    const climbed: Climbed = { layer: indexOf(name), channel: 3, unit }
    const part = climbedPart(network, climbed)
    const bands = pictureBands(network.network.inputShape, preprocessing)
    const [top, left, bottom, right] = part.box
    const shape: [number, number, number, number] = [1, bottom - top, right - left, bands.bands]
    const size = elementCount(shape)
    const picture = tf.tensor4d(
      gaussians(size, 4).map((value) => 120 + 30 * value),
      shape,
    )
    const along = tf.tensor4d(gaussians(size, 5), shape)
    const { value, gradient } = slopeOf(part, bands, picture)
    const [slope] = await read(tf.tidy(() => tf.sum(tf.mul(gradient, along))))
    const at = async (step: number): Promise<number> => {
      const moved = tf.tidy(() => tf.add(picture, tf.mul(along, step)) as tf.Tensor4D)
      const there = slopeOf(part, bands, moved)
      const [found] = await read(there.value)
      tf.dispose([moved, there.value, there.gradient])
      return found!
    }
    // Kinks of ReLUs lie between some steps, so only a small step is taken; a smaller one drowns in rounding.
    const step = 0.02
    const difference = ((await at(step)) - (await at(-step))) / (2 * step)
    expect(Math.abs(difference - slope!)).toBeLessThan(0.02 * Math.abs(slope!) + 2e-4)
    tf.dispose([picture, along, value, gradient])
  })
})

describe('a picture', () => {
  let image: Blob
  beforeAll(async () => {
    await useBackend('wasm')
    const plain = everyKernel()
    network = new TapNetwork(plain, noiseWeights(plain))
    image = await goldenPicture(plain.inputShape)
    return () => network.dispose()
  })

  async function requestFor(
    climbed: Climbed,
    way: SynthesisRequest['way'],
    seed = 1,
  ): Promise<SynthesisRequest> {
    const place = await synthesisPlace(network, reader, image, preprocessing, climbed)
    const [top, left, bottom, right] = place.box
    const spectrum = await spectrumOf(
      noisePictures(8, network.network.inputShape[0], network.network.inputShape[1]),
      [bottom - top, right - left],
      1,
      read,
    )
    return { ...climbed, way, place, preprocessing, spectrum, seed, apart: [] }
  }

  async function made(request: SynthesisRequest, each = Infinity): Promise<SynthesisProgress> {
    let progress = await synthesize(network, request, null, Math.min(each, 1000))
    while (!progress.outcome)
      progress = await synthesize(network, request, structuredClone(progress.state), each)
    return progress
  }

  const unit: Climbed = { layer: 0, channel: 2, unit: [6, 5] }
  const unitOf = (name: string): Climbed => ({ ...unit, layer: indexOf(name) })

  it('of an accentuated patch reaches more than the patch, and says what the network says of it', async () => {
    const request = await requestFor(unitOf('winograd'), 'accentuate')
    const { picture, outcome } = await made(request)
    const { made: reached, before } = outcome!
    const { inputShape } = network.network
    const start = await channelMap(
      network,
      inputOfPixels(await pixelsOf(image), inputShape, preprocessing),
      request.layer,
      request.channel,
    )
    const at = request.unit![0] * start.columns + request.unit![1]
    expect(before!.value).toBe(start.values[at])
    expect(reached.value).toBeGreaterThan(before!.value)

    // The picture as a file, put into the image by a canvas.
    const canvas = new OffscreenCanvas(inputShape[1], inputShape[0])
    const context = canvas.getContext('2d')!
    context.drawImage(await createImageBitmap(image), 0, 0)
    context.putImageData(
      new ImageData(picture.data, picture.width, picture.height),
      request.place.box[1],
      request.place.box[0],
    )
    const file = await canvas.convertToBlob({ type: 'image/png' })
    const again = await channelMap(
      network,
      inputOfPixels(await pixelsOf(file), inputShape, preprocessing),
      request.layer,
      request.channel,
    )
    expect(again.values[at]).toBe(reached.value)
    expect(Math.max(...again.values)).toBe(reached.largest)
  })

  it.each(['activated', 'sigmoid', 'max_pool', 'flat_dense'])(
    'of a unit of %s from nothing rises',
    async (name) => {
      const layer = indexOf(name)
      const isMap = (network.network.layers[layer] as SupportedLayer).shape.length === 3
      const request = await requestFor({ layer, channel: 1, unit: isMap ? [2, 3] : [0, 0] }, 'nothing')
      const first = await synthesize(network, request, null, 1)
      const end = await made(request)
      expect(end.state.bestScore).toBeGreaterThan(first.state.bestScore)
      expect(first.outcome).toBeNull()
      expect(end.step).toBe(end.of)
      expect(end.outcome!.before).toBeNull()
      const [top, left, bottom, right] = request.place.box
      expect([end.picture.height, end.picture.width]).toEqual([bottom - top, right - left])
    },
  )

  it('of a whole channel is of the whole input, and its value the mean of the map', async () => {
    const climbed: Climbed = { layer: indexOf('winograd_valid'), channel: 4, unit: null }
    const request = await requestFor(climbed, 'nothing')
    const { picture, outcome } = await made(request)
    const { inputShape } = network.network
    expect([picture.height, picture.width]).toEqual(inputShape.slice(0, 2))
    const { values } = await channelMap(
      network,
      inputOfPixels(picture, inputShape, preprocessing),
      climbed.layer,
      climbed.channel,
    )
    expect(outcome!.made.value).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 5)
    expect(outcome!.made.largest).toBe(Math.max(...values))
  })

  it('has the same bits for the same seed, however its steps are shared out, and others for another', async () => {
    const climbed = unitOf('grouped')
    const request = await requestFor(climbed, 'nothing', 3)
    const [once, again] = [await made(request), await made(request, 7)]
    expect(again.picture.data).toEqual(once.picture.data)
    expect(again.state.best).toEqual(once.state.best)
    expect(again.outcome).toEqual(once.outcome)
    // A scan has prepared the network in between.
    await network.prepare(new Set([climbed.layer]))
    expect((await made(request)).outcome).toEqual(once.outcome)
    const other = await made(await requestFor(climbed, 'nothing', 4))
    expect(other.picture.data).not.toEqual(once.picture.data)
  })

  it('stays between black and white, and moves only what it may where it is clipped', async () => {
    // A spectrum so strong that nearly all is clipped.
    const request = await requestFor(unitOf('winograd'), 'nothing')
    const spectrum = { ...request.spectrum, amplitude: request.spectrum.amplitude.map((value) => 50 * value) }
    const strong = { ...request, spectrum }
    const first = await synthesize(network, strong, null, 1)
    const { picture, state } = await made(strong)
    expect(state.bestScore).toBeGreaterThan(first.state.bestScore)
    const colours = picture.data.filter((_, i) => i % 4 !== 3)
    expect(colours.filter((value) => value === 0 || value === 255).length).toBeGreaterThan(
      0.6 * colours.length,
    )
    expect(picture.data.filter((value, i) => i % 4 === 3 && value !== 255)).toHaveLength(0)
  })

  it('leaves no tensor behind, also when it fails', async () => {
    const request = await requestFor(unitOf('both'), 'accentuate')
    await made(request)
    const { numTensors } = tf.memory()
    await made(request)
    expect(tf.memory().numTensors).toBe(numTensors)
    const small = { ...request.spectrum, amplitude: request.spectrum.amplitude.slice(1) }
    await expect(synthesize(network, { ...request, spectrum: small }, null, 1)).rejects.toThrow()
    expect(tf.memory().numTensors).toBe(numTensors)
  })

  it('has a spectrum of images that can be read; those that cannot are left out', async () => {
    const broken = new Blob(['no picture'])
    const source = { key: 'a', handles: [broken, image], preprocessing }
    const found = await inputSpectrum(network, reader, source, [5, 6])
    const alone = await samplePictures([image], network.network.inputShape, preprocessing, reader)
    expect(found).toEqual(await spectrumOf(alone, [5, 6], 1, read))
    await expect(
      inputSpectrum(network, reader, { ...source, key: 'b', handles: [broken] }, [5, 6]),
    ).rejects.toThrow()
    // The pictures' bytes are those of the file: red, green, blue, whatever order the network takes.
    const pixels = await pixelsOf(image)
    expect(alone.data.slice(0, 6)).toEqual(Uint8Array.from([0, 1, 2, 4, 5, 6].map((i) => pixels.data[i]!)))
  })

  it('of a grey input is grey', async () => {
    const grey: Preprocessing = { ...notebookPreprocessing, channels: 'grey' }
    const climbed = unitOf('odd')
    const place = await synthesisPlace(network, reader, image, grey, climbed)
    const [top, left, bottom, right] = place.box
    const size: Pair = [bottom - top, right - left]
    const spectrum = await inputSpectrum(
      network,
      reader,
      { key: 'grey', handles: [image], preprocessing: grey },
      size,
    )
    const request: SynthesisRequest = {
      ...climbed,
      way: 'accentuate',
      place,
      preprocessing: grey,
      spectrum,
      seed: 1,
      apart: [],
    }
    const { picture, outcome } = await made(request)
    expect(spectrum.bands).toBe(1)
    for (let i = 0; i < picture.data.length; i += 4) {
      expect(picture.data[i + 1]).toBe(picture.data[i])
      expect(picture.data[i + 2]).toBe(picture.data[i])
    }
    expect(outcome!.made.value).toBeGreaterThan(outcome!.before!.value)
  })
})

async function pixelsOf(file: Blob): Promise<ImageData> {
  const bitmap = await createImageBitmap(file)
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!
  context.drawImage(bitmap, 0, 0)
  return context.getImageData(0, 0, bitmap.width, bitmap.height)
}
