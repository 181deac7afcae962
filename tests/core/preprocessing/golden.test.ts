/**
 * @file Compares every setting with what TensorFlow, Keras, Pillow, torchvision, timm and OpenCV compute
 * (make_preprocessing.py, make_torch_pixels.py). The latter
 * says with which versions of fastai's and Ultralytics' code its own steps were compared.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import type { Preprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { presets } from '../../../src/core/preprocessing/presets.ts'
import { preprocessingSettings } from '../../../src/core/preprocessing/settings.ts'
import { writeInput } from '../../../src/core/preprocessing/toInput.ts'
import { withSettings } from '../../../src/core/preprocessing/withSettings.ts'

interface Case {
  readonly by: string
  /** Width, height. */
  readonly picture: readonly [number, number]
  readonly inputShape: readonly [number, number, number]
  readonly settings: Readonly<Record<string, unknown>>
  readonly bytes?: string
  readonly floats?: string
}

const cases = ['preprocessing.json.gz', 'torch-pixels.json.gz'].flatMap((file) => {
  const packed = readFileSync(path.resolve(import.meta.dirname, '../../fixtures', file))
  return (JSON.parse(gunzipSync(packed).toString()) as { cases: Case[] }).cases
})

/** The RGBA picture that make_preprocessing.py draws by the same formula. */
function picture(width: number, height: number): Uint8ClampedArray {
  const data = new Uint8ClampedArray(width * height * 4)
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 4; c++) {
        const smooth = 37 * y + 61 * x + 97 * c + 11 * ((x * y) % 53)
        const hard = 255 * ((Math.floor(x / 3) + Math.floor(y / 2) + c) % 2)
        data[i++] = (x + 2 * y) % 5 < 3 ? smooth % 256 : hard
      }
  return data
}

function expected({ bytes, floats }: Case): Float32Array {
  const raw = Buffer.from(bytes ?? floats!, 'base64')
  return bytes ? Float32Array.from(raw) : new Float32Array(Uint8Array.from(raw).buffer)
}

function made({ picture: [width, height], inputShape, settings }: Case): Float32Array {
  const target = new Float32Array(inputShape[0] * inputShape[1] * inputShape[2])
  writeInput({ data: picture(width, height), width, height }, inputShape, withSettings(settings), target, 0)
  // This turns −0 into 0.
  return target.map((value) => value + 0)
}

/** How TensorFlow rounds a sum of three products depends on its processor; everything else is equal to the bit. */
const isSumOfProducts = ({ by }: Case): boolean => by.includes('grayscale') && !by.includes('load_img')

/** OpenCV resizes with fixed-point numbers of 11 bits, and gives bytes. */
const isOpenCv = ({ by }: Case): boolean => by.includes('LetterBox')

const isExact = (one: Case): boolean => !isSumOfProducts(one) && !isOpenCv(one)

const named = cases.map((one) => {
  const settings = Object.entries(one.settings).map(([id, value]) => `${id}=${String(value)}`)
  const [width, height] = one.picture
  return [`${one.by}: ${width}×${height} to ${one.inputShape.join('×')}, ${settings.join(' ')}`, one] as const
})

it.each(named.filter(([, one]) => isExact(one)))('to the bit: %s', (_, one) => {
  expect(made(one)).toEqual(expected(one))
})

it.each(named.filter(([, one]) => isOpenCv(one)))('to one level: %s', (_, one) => {
  const values = expected(one)
  const differences = made(one).map((value, i) => Math.abs(value - values[i]!) * 255)
  expect(Math.max(...differences)).toBeLessThanOrEqual(1 + 1e-4)
})

it('covers every choice of every setting that pixels depend on, and every preset', () => {
  const used = cases.map(({ settings }) => withSettings(settings))
  for (const [id, setting] of Object.entries(preprocessingSettings)) {
    // Turning the picture is the decoder's work.
    if (setting.kind !== 'choice' || id === 'orientation') continue
    for (const { value } of setting.choices)
      expect(
        used.map((one) => one[id as keyof Preprocessing]),
        `${id}=${value}`,
      ).toContain(value)
  }
  const names = new Set(cases.map(({ settings }) => settings['preset'] ?? 'notebook'))
  for (const { id } of presets) if (id !== 'raw') expect(names, id).toContain(id)
})
