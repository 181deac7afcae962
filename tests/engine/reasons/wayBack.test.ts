/** What a way back keeps, computes and frees, whatever the layers are. */
import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import {
  elementCount,
  type Network,
  type Operation,
  type SupportedLayer,
} from '../../../src/core/model/network.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { OutOfMemory } from '../../../src/engine/backend/outOfMemory.ts'
import { wasmKernels } from '../../../src/engine/backend/tfjsBackend.ts'
import { convolutions } from '../../../src/engine/model/kernels/backward/convolutions.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { ReversePass } from '../../../src/engine/reasons/reversePass.ts'
import { noise, noiseWeights } from '../noiseNetwork.ts'
import { gradientsOf, largestError } from './gradients.ts'
import { networkOfLayers } from './oracle.ts'

beforeAll(async () => {
  await startBackend('wasm')
})

const convolution = (filters: number, kernel = 3): Operation => ({
  kind: 'conv',
  filters,
  kernel: [kernel, kernel],
  strides: [1, 1],
  padding: 'same',
  dilation: [1, 1],
  groups: 1,
  bias: true,
  activation: { fn: 'linear' },
})
const relu: Operation = { kind: 'activation', activation: { fn: 'relu' } }
const silu: Operation = { kind: 'activation', activation: { fn: 'silu' } }
const sum: Operation = { kind: 'merge', fn: 'add' }
const product: Operation = { kind: 'merge', fn: 'multiply' }
const norm: Operation = { kind: 'batchNorm', axis: -1, epsilon: 1e-3, scale: true, center: true }
const halved: Operation = {
  kind: 'pool',
  reduce: 'max',
  kernel: [2, 2],
  strides: [2, 2],
  padding: 'valid',
}

/** Two blocks with shortcuts, one of which is read three times, a branch behind which nothing is, and a mean. */
function branching(size = 6, channels = 4): Network {
  return networkOfLayers(
    [size, size, 3],
    [
      [convolution(channels), [0]], // 1
      [relu, [1]],
      [{ ...convolution(channels), activation: { fn: 'silu' } } as Operation, [2]], // 3
      [norm, [3]],
      [sum, [2, 4]], // 5
      [halved, [5]],
      [convolution(channels, 1), [6]], // 7
      [silu, [6]],
      [product, [7, 8]], // 9
      [sum, [9, 6]], // 10
      [convolution(channels), [5]], // 11, which nothing reads
      [{ kind: 'globalPool', reduce: 'average', keepDims: false }, [10]],
      [{ kind: 'dense', units: 5, bias: true, activation: { fn: 'softmax' } }, [12]], // 13
    ],
  )
}

describe('a network with branches', () => {
  it('has the gradients of finite differences, from any layer to any before it', () => {
    const network = branching()
    expect(largestError({ network, to: [0, 1, 2, 5, 6, 10] })).toBeLessThan(5e-6)
    expect(largestError({ network, layer: 10, to: [0, 3, 9] })).toBeLessThan(5e-6)
  })

  it('does not see layers that are not on the way', () => {
    const network = branching()
    const seeds = [noise(5)]
    const found = gradientsOf(network, 13, [11, 13], [noise(6 * 6 * 3)], seeds)
    expect(found.get(11)!.every((value) => value === 0)).toBe(true)
    expect(found.get(13)).toEqual(seeds[0])
  })

  it('is the same to the bit for an image alone and among others', () => {
    const network = branching(20, 16)
    const input = Array.from({ length: 5 }, (_, n) => noise(20 * 20 * 3, n))
    const seeds = input.map((_, n) => noise(10 * 10 * 16, 100 + n))
    const all = gradientsOf(network, 10, [0, 5], input, seeds)
    for (const n of [0, 3]) {
      const alone = gradientsOf(network, 10, [0, 5], [input[n]!], [seeds[n]!])
      for (const [layer, values] of alone)
        expect(values).toEqual(all.get(layer)!.slice(n * values.length, (n + 1) * values.length))
    }
  })
})

/** Runs `use` with a pass over one image, which is then freed. */
function withPass<T>(
  network: Network,
  [until, options]: [number, ConstructorParameters<typeof ReversePass>[3]?],
  use: (pass: ReversePass, taps: TapNetwork) => T,
): T {
  const taps = new TapNetwork(network, noiseWeights(network))
  const input = tf.tensor(noise(elementCount(network.inputShape)), [1, ...network.inputShape])
  try {
    const pass = new ReversePass(taps, input, until, options)
    try {
      return use(pass, taps)
    } finally {
      pass.dispose()
    }
  } finally {
    input.dispose()
    taps.dispose()
  }
}

const ones = (network: Network, layer: number): tf.Tensor =>
  tf.ones([1, ...(network.layers[layer] as SupportedLayer).shape])

describe('what is kept', () => {
  /** Tensors that a pass keeps. */
  const kept = (from: readonly number[] | undefined): number => {
    const network = branching()
    const taps = new TapNetwork(network, noiseWeights(network))
    const input = tf.tensor(noise(6 * 6 * 3), [1, 6, 6, 3])
    const before = tf.memory().numTensors
    const pass = new ReversePass(taps, input, 10, from ? { from } : {})
    const count = tf.memory().numTensors - before
    pass.dispose()
    expect(tf.memory().numTensors).toBe(before)
    input.dispose()
    taps.dispose()
    return count
  }

  it('is what the layers behind `from` read on their way back', () => {
    // ReLU's output; SiLU's argument; what is pooled, and the pooled, which SiLU reads too; both factors; the end.
    expect(kept(undefined)).toBe(7)
    // Both factors, what SiLU reads, and the end.
    expect(kept([6])).toBe(4)
    expect(kept([10])).toBe(1)
  })

  it('and other outputs are computed again, to the same bits', () => {
    const network = branching()
    const layers = [3, 4, 7, 10]
    const outputsOf = (pass: ReversePass): unknown => layers.map((layer) => pass.output(layer).dataSync())
    const all = withPass(network, [10, { outputs: layers }], outputsOf)
    withPass(network, [10, { from: [10], outputs: [4] }], (pass) => {
      expect(outputsOf(pass)).toEqual(all)
      // The way back from and to anywhere works, too.
      const seed = ones(network, 7)
      const gradients = pass.back(7, seed, [1])
      expect(gradients.get(1)!.shape).toEqual([1, 6, 6, 4])
      tf.dispose([seed, ...gradients.values()])
    })
  })
})

it('computes nothing before the layers that it goes to', () => {
  const network = branching()
  const back = vi.spyOn(convolutions.conv, 'back')
  withPass(network, [10], (pass) => {
    const seed = ones(network, 10)
    const count = (to: readonly number[]): number => {
      back.mockClear()
      tf.dispose([...pass.back(10, seed, to).values()])
      return back.mock.calls.length
    }
    expect(count([0])).toBe(3)
    expect(count([1])).toBe(2)
    expect(count([5])).toBe(1)
    expect(count([9])).toBe(0)
    seed.dispose()
  })
  back.mockRestore()
})

it('packs filters once, and frees them when it is told to, or with the network', () => {
  const network = branching(20, 16)
  const before = wasmKernels()!.packedBytes()
  withPass(network, [10], (pass) => {
    const seed = ones(network, 10)
    const ofForwards = wasmKernels()!.packedBytes()
    const packed = (): number => {
      tf.dispose([...pass.back(10, seed, [0]).values()])
      return wasmKernels()!.packedBytes()
    }
    const once = packed()
    expect(once).toBeGreaterThan(ofForwards)
    expect(packed()).toBe(once)
    wasmKernels()!.unpackWayBack()
    // The factors of the batch normalization are no filters: three rows of 16.
    expect(wasmKernels()!.packedBytes()).toBe(ofForwards + 3 * 16 * 4)
    expect(packed()).toBe(once)
    seed.dispose()
  })
  expect(wasmKernels()!.packedBytes()).toBe(before)
})

describe('when memory runs out', () => {
  /** Lets so many allocations succeed. */
  function failAfter(count: number): () => void {
    const { wasm } = tf.backend() as BackendWasm
    /* oxlint-disable no-underscore-dangle -- as tfjs names it */
    const malloc = wasm._malloc
    let left = count
    wasm._malloc = (bytes) => {
      if (left-- <= 0) throw new OutOfMemory()
      return malloc(bytes)
    }
    return () => (wasm._malloc = malloc)
    /* oxlint-enable no-underscore-dangle */
  }

  it('says at which layer, and leaves nothing, forwards and backwards', () => {
    const network = branching(20, 16)
    const taps = new TapNetwork(network, noiseWeights(network))
    const input = tf.tensor(noise(20 * 20 * 3), [1, 20, 20, 3])
    const seed = ones(network, 10)
    const before = tf.memory().numTensors
    /** Whether it went through. */
    const attempt = (count: number): boolean => {
      const restore = failAfter(count)
      let pass: ReversePass | null = null
      try {
        pass = new ReversePass(taps, input, 10)
        tf.dispose([...pass.back(10, seed, [0]).values()])
        return true
      } catch (error) {
        expect(error).toBeInstanceOf(OutOfMemory)
        expect((error as OutOfMemory).layer).toMatch(/\w/)
        return false
      } finally {
        restore()
        pass?.dispose()
        expect(tf.memory().numTensors).toBe(before)
      }
    }
    let count = 0
    while (!attempt(count)) count++
    expect(count).toBeGreaterThan(20)
    tf.dispose([input, seed])
    taps.dispose()
  })
})
