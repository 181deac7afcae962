/**
 * @file Pictures with transparency have Pillow's colours in browsers of all kinds: with WebGL, without, and where bitmaps lose the colours
 * under it (tests/make/make_transparent_pictures.py). The real ones are asked in tests/browsers.
 */
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Pixels } from '../../../src/core/preprocessing/toInput.ts'
import { pictures } from '../../fixtures/transparent-pictures.json'

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
}

const getContext = OffscreenCanvas.prototype.getContext as (kind: '2d', options: object) => unknown

let restoreWebGL = (): void => undefined

function withoutWebGL(): void {
  const mock = vi.spyOn(OffscreenCanvas.prototype, 'getContext').mockImplementation(function (
    this: OffscreenCanvas,
    kind: string,
  ) {
    return kind === '2d' ? getContext.call(this, '2d', { willReadFrequently: true }) : null
  } as never)
  restoreWebGL = () => mock.mockRestore()
}

function withoutWebCodecs(): void {
  vi.stubGlobal('ImageDecoder', undefined)
  vi.stubGlobal('VideoFrame', undefined)
}

const browsers: readonly (readonly [string, () => void])[] = [
  ['with WebGL', () => undefined],
  ['without WebGL, as Firefox', withoutWebGL],
  [
    'without WebGL and WebCodecs, as WebKit',
    () => {
      withoutWebGL()
      withoutWebCodecs()
    },
  ],
]

/** Chromium 156 takes the alpha of AVIFs for numbers from 16 to 235, and stretches it. */
const alphaOff = 20

async function decode(file: Uint8Array<ArrayBuffer>, range?: null) {
  const { PixelReader, usingPixels } = await import('../../../src/engine/images/decodeImage.ts')
  const reader = new PixelReader()
  try {
    return await usingPixels(new Blob([file]), 'apply', reader, (pixels) => pixels, range)
  } finally {
    reader.dispose()
  }
}

function largestDifference(found: Pixels['data'], expected: Uint8Array, channels: readonly number[]): number {
  return expected.reduce(
    (most, value, i) => (channels.includes(i % 4) ? Math.max(most, Math.abs(value - found[i]!)) : most),
    0,
  )
}

describe.each(browsers)('a browser %s', (_, become) => {
  afterEach(() => {
    vi.unstubAllGlobals()
    restoreWebGL()
    vi.resetModules()
  })

  it.each(pictures)('gives what is in $name', async ({ name, file, width, height, rgba }) => {
    become()
    vi.resetModules()
    const expected = bytesOf(rgba)
    for (const range of [undefined, null] as const) {
      const found = await decode(bytesOf(file), range)
      expect([found.width, found.height]).toEqual([width, height])
      expect(largestDifference(found.data, expected, [0, 1, 2])).toBe(0)
      expect(largestDifference(found.data, expected, [3])).toBeLessThanOrEqual(
        name.endsWith('.avif') ? alphaOff : 0,
      )
    }
  })
})

describe('a browser that cannot read a transparency', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    restoreWebGL()
    vi.resetModules()
  })

  it('skips the picture with the reason', async () => {
    withoutWebGL()
    withoutWebCodecs()
    vi.resetModules()
    const moving = pictures.find(({ name }) => name === 'lossy-moving.webp')!
    const file = bytesOf(moving.file)
    // The first picture lies to the right of the canvas' corner, so it is not the whole.
    const frame = new TextDecoder('latin1').decode(file).indexOf('ANMF') + 8
    file[frame] = 1
    const larger = new DataView(file.buffer)
    larger.setUint8(24, larger.getUint8(24) + 2)
    await expect(decode(file)).rejects.toMatchObject({
      code: 'images/unreadable',
      message: expect.stringContaining('its transparency cannot be read in this browser'),
    })
  })
})
