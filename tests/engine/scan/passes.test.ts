/** Passes overlap, do not leak memory, and become smaller if memory runs out. */
import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { elementCount } from '../../../src/core/model/network.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { findSize } from '../../../src/engine/scan/findSize.ts'
import { Passes } from '../../../src/engine/scan/passes.ts'
import { backendBytes } from '../../../src/engine/backend/tfjsBackend.ts'
import { limitHeap, limitTextures } from '../faults.ts'
import { noise, noiseWeights, twoConvolutions, withNoise } from '../noiseNetwork.ts'

const description = twoConvolutions()
const layers = [2, 1]
const rowSize = elementCount(description.inputShape)
const images = (count: number): Float32Array => noise(count * rowSize)

/** Set up before WebGL starts, because its context is made then. */
const setTextureLimit = limitTextures()
let lift = (): void => undefined
afterEach(() => {
  lift()
  setTextureLimit(Infinity)
})

/** A network that notes when passes begin and when numbers come back. */
class Noted extends TapNetwork {
  readonly events: string[] = []

  override run(...args: Parameters<TapNetwork['run']>): void {
    this.events.push('begins')
    super.run(...args)
  }

  override async read(tensor: tf.Tensor): Promise<Float32Array> {
    const data = await super.read(tensor)
    if (this.events.at(-1) !== 'comes back') this.events.push('comes back')
    return data
  }
}

describe('on WebGL', () => {
  beforeAll(async () => {
    await startBackend('webgl')
  })

  it('the next pass begins before the numbers of the one before are back, and no third one', async () => {
    const network = new Noted(description, noiseWeights(description))
    await new Passes(network, [1], 2).run(images(8))
    expect(network.events.slice(0, 3)).toEqual(['begins', 'begins', 'comes back'])
    expect(network.events.filter((event) => event === 'begins')).toHaveLength(4)
    network.dispose()
  })

  it('tensors and textures stay as many from pass to pass, short ones included', async () => {
    const network = withNoise(description)
    const passes = new Passes(network, layers, 4)
    await passes.run(images(8))
    const before = held()
    for (const count of [4, 1, 9, 3]) await passes.run(images(count))
    expect(held()).toEqual(before)
    network.dispose()
  })

  it('a pass that has no memory is repeated with fewer images, and leaves nothing behind', async () => {
    const network = withNoise(description)
    const data = images(11)
    const expected = await new Passes(network, layers, 1).run(data)
    const before = used()
    // Three times what an image takes as windows of the second convolution, packed by four.
    setTextureLimit(3 * ((9 * 8 * 64 * 64) / 4))
    const passes = new Passes(network, layers, 8)
    expect(await passes.run(data)).toEqual(expected)
    expect(passes.size).toBe(2)
    expect(used()).toEqual(before)
    setTextureLimit(1000)
    await expect(new Passes(network, layers, 4).run(images(4))).rejects.toMatchObject({
      name: 'OutOfMemory',
      layer: 'first',
    })
    expect(used()).toEqual(before)
    setTextureLimit(Infinity)
    expect(await new Passes(network, layers, 4).run(data)).toEqual(expected)
    network.dispose()
  })

  it('finds a size that is allowed, with a graphics card and without', async () => {
    const network = withNoise(description)
    for (const software of [true, false]) {
      expect(await findSize(network, layers, 1, { name: 'webgl', software })).toBe(1)
      expect([2, 4, 8]).toContain(await findSize(network, layers, 15, { name: 'webgl', software }))
    }
    network.dispose()
  })
})

describe('on WASM', () => {
  beforeAll(async () => {
    await startBackend('wasm')
  })

  it('a pass that has no memory is repeated with fewer images, and leaves nothing behind', async () => {
    const network = withNoise(description)
    const data = images(600)
    const expected = await new Passes(network, layers, 1).run(data)
    const before = used()
    lift = limitHeap(backendBytes())
    const passes = new Passes(network, layers, 600)
    expect(await passes.run(data)).toEqual(expected)
    expect(passes.size).toBeLessThan(600)
    expect(used()).toEqual(before)
    network.dispose()
  })

  it('names the layer that even one image is too much for', async () => {
    const network = withNoise(description)
    const input = images(1)
    // There is room for the image of 49 kB, but not for a map of 131 kB.
    const blocks = fillHeap(100_000)
    const tensors = tf.memory().numTensors
    await expect(new Passes(network, layers, 4).run(input)).rejects.toMatchObject({
      name: 'OutOfMemory',
      layer: 'first',
    })
    expect(tf.memory().numTensors).toBe(tensors)
    tf.dispose(blocks)
    network.dispose()
  })

  it('finds a size that memory allows before anything runs', async () => {
    const network = withNoise(description)
    const backend = { name: 'wasm', software: false } as const
    const allowed = await findSize(network, layers, 64, backend)
    expect([1, 2, 4, 8, 16]).toContain(allowed)
    expect(await findSize(network, layers, 3, backend)).toBeLessThanOrEqual(2)
    // 32 MB are kept free beside the maps, which take 440 kB per image.
    const blocks = fillHeap(34e6)
    expect(await findSize(network, layers, 64, backend)).toBeLessThanOrEqual(4)
    tf.dispose(blocks)
    const more = fillHeap(31e6)
    await expect(findSize(network, layers, 64, backend)).rejects.toMatchObject({ name: 'OutOfMemory' })
    tf.dispose(more)
    network.dispose()
  })
})

/** Memory that is in use, and memory that tfjs keeps for later. */
function held(): unknown {
  const { numTensors, numBytesInGPUAllocated } = tf.memory() as unknown as Record<string, number>
  return { ...used(), numTensors, numBytesInGPUAllocated }
}

function used(): { data: number; textures: number } {
  const backend = tf.backend() as Partial<MathBackendWebGL> & Partial<BackendWasm>
  return {
    data: tf.backend().numDataIds(),
    textures: backend.getTextureManager?.().getNumUsedTextures() ?? 0,
  }
}

/** Fills the heap, except for so many bytes in one piece and pieces too small to matter. */
function fillHeap(rest: number): tf.Tensor[] {
  const room = tf.zeros([rest / 4])
  lift = limitHeap(backendBytes())
  const blocks: tf.Tensor[] = []
  for (let bytes = backendBytes(); bytes > 16_000;)
    try {
      blocks.push(tf.zeros([bytes / 4]))
    } catch {
      bytes = Math.floor(bytes / 8) * 4
    }
  room.dispose()
  return blocks
}
