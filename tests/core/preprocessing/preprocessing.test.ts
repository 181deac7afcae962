import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/core/errors.ts'
import { presets } from '../../../src/core/preprocessing/presets.ts'
import { checkChannels, notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { preprocessingSettings } from '../../../src/core/preprocessing/settings.ts'
import { allowedFor, settingNames, withSettings } from '../../../src/core/preprocessing/withSettings.ts'
import { type Pixels, writeInput } from '../../../src/core/preprocessing/toInput.ts'
import { stretchBilinear, stretchNearest } from './stretched.ts'

describe('settings', () => {
  it("are the notebook's by default", () => {
    expect(withSettings({})).toEqual({
      resize: 'bilinear',
      fit: 'stretch',
      cropFraction: 1,
      scale: '0..1',
      mean: [],
      std: [],
      channels: 'rgb',
      grey: 'tensorflow',
      alpha: 'drop',
      orientation: 'ignore',
    })
  })

  it('replace the default one by one', () => {
    expect(withSettings({ scale: '-1..1' })).toEqual({ ...notebookPreprocessing, scale: '-1..1' })
    expect(withSettings({ fit: 'pad', resize: 'nearest' })).toEqual({
      ...notebookPreprocessing,
      fit: 'pad',
      resize: 'nearest',
    })
  })

  it('may be any choice of the table, and nothing else', () => {
    expect(Object.keys(preprocessingSettings).toSorted()).toEqual(
      Object.keys(notebookPreprocessing).toSorted(),
    )
    for (const [id, setting] of Object.entries(preprocessingSettings)) {
      if (setting.kind !== 'choice') continue
      for (const { value } of setting.choices)
        expect(withSettings({ [id]: value })).toMatchObject({ [id]: value })
      expect(setting.choices.map(({ value }) => value)).toContain(
        notebookPreprocessing[id as keyof typeof notebookPreprocessing],
      )
    }
  })

  it('take numbers as text, as the command line gives them', () => {
    expect(withSettings({ cropFraction: '0.875' }).cropFraction).toBe(0.875)
    expect(withSettings({ mean: '0.485, 0.456,0.406', std: '2' })).toMatchObject({
      mean: [0.485, 0.456, 0.406],
      std: [2],
    })
    expect(withSettings({ mean: '', std: [] })).toMatchObject({ mean: [], std: [] })
    expect(withSettings({ mean: -1.5, std: ['1', 2, 3, 4] })).toMatchObject({
      mean: [-1.5],
      std: [1, 2, 3, 4],
    })
  })

  it('that are stored with results can be given back', () => {
    for (const { id } of presets) {
      const preprocessing = withSettings({ preset: id })
      expect(withSettings(JSON.parse(JSON.stringify(preprocessing)) as Record<string, unknown>)).toEqual(
        preprocessing,
      )
    }
  })

  it('may begin with a preset, which is not stored itself; whatever order they are given in', () => {
    const torch = withSettings({ resize: 'nearest', preset: 'torch', std: 0.5 })
    expect(torch).toEqual({
      ...notebookPreprocessing,
      mean: [0.485, 0.456, 0.406],
      std: [0.5],
      resize: 'nearest',
    })
  })

  const settings = 'scale, resize, fit, cropFraction, mean, std, channels, grey, alpha, orientation, preset'
  const numbers = '1, 3 or 4 numbers, such as 0.485,0.456,0.406, or none'
  const refusals: [Record<string, unknown>, string][] = [
    [
      { fit: 'squeeze' },
      `The setting fit=squeeze does not exist. Allowed: stretch, crop, fastai-crop, resize-crop, pad, letterbox.`,
    ],
    [{ colour: 'grey' }, `The setting colour=grey does not exist. Allowed: ${settings}.`],
    [{ scale: 255 }, 'The setting scale=255 does not exist. Allowed: 0..1, -1..1, 0..255.'],
    [{ scale: '0..1', alpha: undefined }, 'The setting alpha=undefined does not exist. Allowed: drop.'],
    [{ constructor: '1' }, `The setting constructor=1 does not exist. Allowed: ${settings}.`],
    [{ mean: '1,2' }, `The setting mean=1,2 does not exist. Allowed: ${numbers}.`],
    [{ mean: '1,,2' }, `The setting mean=1,,2 does not exist. Allowed: ${numbers}.`],
    [{ mean: [0, Infinity, 0] }, `The setting mean=0,Infinity,0 does not exist. Allowed: ${numbers}.`],
    [{ std: '1,0,1' }, `The setting std=1,0,1 does not exist. Allowed: ${numbers}; not 0.`],
    [{ std: null }, `The setting std=null does not exist. Allowed: ${numbers}; not 0.`],
    ...[0, 1.01, '', 'half', Number.NaN].map((cropFraction): [Record<string, unknown>, string] => [
      { cropFraction },
      `The setting cropFraction=${cropFraction} does not exist. Allowed: a number above 0, up to 1.`,
    ]),
    [
      { preset: 'keras' },
      'The setting preset=keras does not exist. Allowed: notebook, raw, tf, torch, caffe, torchvision, torchvision-v2, timm, timm-half, clip, fastai, ultralytics, ultralytics-classify, teachable-machine, inverted.',
    ],
  ]
  it.each(refusals)('%j is refused with what is allowed', (given, sentence) => {
    const attempt = (): unknown => withSettings(given)
    expect(attempt).toThrow(AppError)
    expect(attempt).toThrow(expect.objectContaining({ code: 'setting/unknown', message: sentence }))
  })

  it('are named and described for the help of the command line', () => {
    expect(settingNames.join(', ')).toBe(settings)
    expect(allowedFor(preprocessingSettings.grey)).toBe('tensorflow, pillow')
  })

  it('with a number for each channel are for networks of as many channels', () => {
    const torch = withSettings({ preset: 'torch' })
    expect(() => checkChannels(torch, 3)).not.toThrow()
    expect(() => checkChannels(withSettings({ mean: 1, std: 2 }), 4)).not.toThrow()
    const refused =
      'The setting mean has 3 numbers, but the model takes pictures of 1 channel. Give one number, or one for each channel.'
    for (const attempt of [
      () => checkChannels(torch, 1),
      () =>
        writeInput(
          { data: new Uint8Array(4), width: 1, height: 1 },
          [1, 1, 1],
          torch,
          new Float32Array(1),
          0,
        ),
    ])
      expect(attempt).toThrow(expect.objectContaining({ code: 'setting/channels', message: refused }))
  })
})

/** A picture of one pixel with these colours, as the network sees it. */
function seen(rgba: readonly number[], settings: Record<string, unknown>, channels: 1 | 3 | 4 = 3): number[] {
  const target = new Float32Array(channels)
  const pixel = { data: Uint8ClampedArray.from(rgba), width: 1, height: 1 }
  writeInput(pixel, [1, 1, channels], withSettings(settings), target, 0)
  return [...target]
}

describe('numbers', () => {
  it('are divided by 255 as float32 does', () => {
    for (let byte = 0; byte <= 255; byte++)
      expect(seen([byte, 0, 0, 255], {})[0]).toBe(Math.fround(byte / 255))
  })

  it('are mapped to -1…1 with the rounding of two float32 steps', () => {
    for (let byte = 0; byte <= 255; byte++) {
      const [quotient] = Float32Array.of(byte / 127.5)
      expect(seen([byte, 0, 0, 255], { scale: '-1..1' })[0]).toBe(Math.fround(quotient! - 1))
    }
  })

  it('lose the mean, then are divided by the standard deviation', () => {
    const settings = { scale: '0..255', mean: '10,20,30', std: '2,4,8' }
    expect(seen([12, 28, 94, 255], settings)).toEqual([1, 2, 8])
    expect(seen([12, 28, 94, 255], { ...settings, mean: 4, std: 2 })).toEqual([4, 12, 45])
  })

  it('count mean and deviation in the order of the network', () => {
    const settings = { scale: '0..255', channels: 'bgr', mean: '1,2,3' }
    expect(seen([10, 20, 30, 255], settings)).toEqual([29, 18, 7])
    expect(seen([10, 20, 30, 40], { ...settings, mean: '1,2,3,4' }, 4)).toEqual([29, 18, 7, 36])
  })

  it('are turned round by the inverted preset', () => {
    for (const byte of [0, 1, 100, 255])
      expect(seen([byte, byte, byte, 255], { preset: 'inverted', grey: 'pillow' }, 1)[0]).toBeCloseTo(
        1 - byte / 255,
        7,
      )
  })
})

describe('grey', () => {
  const colours = [200, 100, 50, 77] as const
  const grey = { scale: '0..255', channels: 'grey' }

  it('stands in all three colours where that is set, beside alpha', () => {
    const value = Math.fround(200 * 0.2989 + 100 * 0.587 + 50 * 0.114)
    expect(seen(colours, grey)).toEqual([value, value, value])
    expect(seen(colours, grey, 4)).toEqual([value, value, value, 77])
  })

  it("is Pillow's whole number where that is set", () => {
    // (200 · 299 + 100 · 587 + 50 · 114) / 1000 = 124.2
    expect(seen(colours, { ...grey, grey: 'pillow' })).toEqual([124, 124, 124])
    expect(seen(colours, { ...grey, grey: 'pillow' }, 4)).toEqual([124, 124, 124, 77])
    expect(seen(colours, { scale: '0..255', grey: 'pillow' }, 1)).toEqual([124])
  })

  it('of a file that is grey stays what it is, to the last bit', () => {
    for (const way of ['tensorflow', 'pillow'])
      for (let byte = 0; byte <= 255; byte++) {
        const pixels = {
          data: Uint8ClampedArray.of(byte, byte, byte, 255),
          width: 1,
          height: 1,
          isStoredGrey: true,
        }
        const target = new Float32Array(1)
        writeInput(pixels, [1, 1, 1], withSettings({ scale: '0..255', grey: way }), target, 0)
        expect(target[0]).toBe(byte)
      }
  })

  it("of a grey pixel among colours is TensorFlow's, whose weights sum up to 0.9999, and Pillow's", () => {
    for (let byte = 0; byte <= 255; byte++) {
      const pixel = [byte, byte, byte, 255] as const
      expect(seen(pixel, { scale: '0..255', grey: 'pillow' }, 1)).toEqual([byte])
      const [value] = seen(pixel, { scale: '0..255', grey: 'tensorflow' }, 1)
      expect(Math.abs(value! - 0.9999 * byte)).toBeLessThanOrEqual(1.5e-5)
    }
  })
})

describe('a picture in a batch', () => {
  const picture: Pixels = {
    data: Uint8ClampedArray.from([255, 0, 51, 0, 0, 255, 102, 9, 10, 20, 30, 255, 40, 50, 60, 128]),
    height: 2,
    width: 2,
  }
  const raw = { ...notebookPreprocessing, scale: '0..255' } as const

  it('is written at its offset and nowhere else', () => {
    const target = new Float32Array(20).fill(-7)
    writeInput(picture, [2, 2, 3], raw, target, 4)
    expect([...target.subarray(4, 16)]).toEqual([255, 0, 51, 0, 255, 102, 10, 20, 30, 40, 50, 60])
    expect([...target.subarray(0, 4), ...target.subarray(16)]).toEqual(Array.from({ length: 8 }, () => -7))
  })

  it('of the right size is left as it is by every fit and every resize', () => {
    for (const { value: fit } of preprocessingSettings.fit.choices)
      for (const { value: resize } of preprocessingSettings.resize.choices) {
        const target = new Float32Array(12)
        writeInput(picture, [2, 2, 3], { ...raw, fit, resize }, target, 0)
        expect([...target]).toEqual([255, 0, 51, 0, 255, 102, 10, 20, 30, 40, 50, 60])
      }
  })

  it('of another size is resized as the setting says, then scaled', () => {
    const shape = [3, 5, 3] as const
    const size = 45
    for (const [name, resize] of [
      ['bilinear', stretchBilinear],
      ['nearest', stretchNearest],
    ] as const) {
      const target = new Float32Array(size)
      writeInput(picture, shape, { ...notebookPreprocessing, resize: name }, target, 0)
      expect([...target]).toEqual([...resize(picture.data, 2, 2, 3, 5)].map((v) => Math.fround(v / 255)))
    }
  })

  it('keeps its alpha as the fourth channel where the model has four, also when it is resized', () => {
    const target = new Float32Array(16)
    writeInput(picture, [2, 2, 4], raw, target, 0)
    expect([...target]).toEqual([...picture.data])
    for (const [name, resize] of [
      ['bilinear', stretchBilinear],
      ['nearest', stretchNearest],
    ] as const) {
      const large = new Float32Array(60)
      writeInput(picture, [3, 5, 4], { ...raw, resize: name }, large, 0)
      const colours = resize(picture.data, 2, 2, 3, 5)
      expect([...large].filter((_, i) => i % 4 !== 3)).toEqual([...colours])
      // Alpha is resized in the same way as red.
      const alphas = Uint8ClampedArray.from(picture.data, (_, i) => picture.data[i | 3]!)
      const expected = [...resize(alphas, 2, 2, 3, 5)].filter((_, i) => i % 3 === 0)
      expect([...large].filter((_, i) => i % 4 === 3)).toEqual(expected)
    }
  })

  it("is grey where the model has one channel, with TensorFlow's weights", () => {
    const target = new Float32Array(4)
    writeInput(picture, [2, 2, 1], raw, target, 0)
    const expected = [
      255 * 0.2989 + 51 * 0.114,
      255 * 0.587 + 102 * 0.114,
      10 * 0.2989 + 20 * 0.587 + 30 * 0.114,
    ]
    expected.push(40 * 0.2989 + 50 * 0.587 + 60 * 0.114)
    for (const [i, value] of expected.entries()) expect(target[i]).toBeCloseTo(value, 4)
  })
})
