/** @file Finds how many images to send through the network at once: as many as fit in memory, and no more than make it faster. */
import type { BackendName } from '../../core/backendNames.ts'
import { packedWeightBytes, peakActivationBytes } from '../../core/model/memory.ts'
import { elementCount } from '../../core/model/network.ts'
import { sizeForTime, sizeWithin } from '../../core/scan/passSize.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'
import { isOutOfMemory } from '../backend/outOfMemory.ts'
import { freeUnused, reserveHeap, wasmKernels } from '../backend/tfjsBackend.ts'
import { Passes } from './passes.ts'

/** Bytes that the maps of a pass may take. On WASM each core has such a worker; on cards tfjs also keeps maps that are free. */
const budget = { wasm: 256e6, card: 512e6 } as const

/**
 * WASM gains nothing from larger passes, and a pass should not hold its worker for longer, because pausing and proofs wait
 * for it. In that time four images go through all layers of ResNet50; with two, the page takes in a third fewer images.
 */
const wasmLimits = { images: 16, ms: 1500 } as const

/** Graphics cards are busier with larger passes; but the page is drawn between passes by the same card. */
const webglLimits = { first: 4, ms: 100 } as const

/** Without a graphics card every image costs the same, and a lot. */
const softwareSize = 2

export interface Backend {
  readonly name: BackendName
  readonly software: boolean
}

/**
 * Returns the number of images of a pass, a power of two and at most `most`. Shaders for that shape are compiled
 * afterwards, except on software WebGL, where a pass costs seconds. Throws `OutOfMemory` if not even one image fits,
 * `backend/lost`.
 */
export function findSize(
  network: TapNetwork,
  layers: readonly number[],
  most: number,
  { name, software }: Backend,
): Promise<number> | number {
  const bytes = peakActivationBytes(network.network, layers, { windows: name !== 'wasm' })
  if (name === 'wasm') return onWasm(network, layers, bytes, Math.min(most, wasmLimits.images))
  const fits = sizeWithin(budget.card, bytes, most)
  return software ? Math.min(fits, softwareSize) : onGraphicsCard(network, layers, fits)
}

async function onWasm(
  network: TapNetwork,
  layers: readonly number[],
  bytes: number,
  most: number,
): Promise<number> {
  const fits = sizeWithin(budget.wasm, bytes, most)
  const quick = async (): Promise<number> => {
    const { ms } = await timed(network, layers, 1)
    return sizeForTime(wasmLimits.ms, 1, ms, fits)
  }
  // Frees what is packed for other layers only.
  await network.prepare(new Set(layers))
  const { convolvesHere, packedBytes } = wasmKernels()!
  const weights = packedWeightBytes(network.network, layers, { ours: convolvesHere() })
  // The heap never shrinks: it grows for what is chosen, not for what would fit.
  reserved(Math.max(0, weights - packedBytes()), bytes, 1)
  const first = await quick()
  // The first pass has packed the weights, and has run code that was not optimised yet.
  return reserved(0, bytes, first < fits ? Math.max(first, await quick()) : first)
}

/** Grows the heap for a pass, and for weights that it packs. Returns the number of images that there is room for. */
function reserved(weights: number, bytes: number, images: number): number {
  for (; ; images = Math.floor(images / 2))
    try {
      reserveHeap(weights + images * bytes)
      return images
    } catch (error) {
      if (!isOutOfMemory(error) || images === 1) throw error
    }
}

async function onGraphicsCard(network: TapNetwork, layers: readonly number[], fits: number): Promise<number> {
  const first = await settled(network, layers, Math.min(webglLimits.first, fits))
  const larger = sizeForTime(webglLimits.ms, first.size, first.ms, fits)
  if (larger <= first.size) return first.size
  const second = await settled(network, layers, larger)
  const best = second.ms / second.size < first.ms / first.size ? second : first
  // Frees the textures of the other size.
  freeUnused()
  return best.size
}

/** The first pass of a shape compiles shaders and allocates textures. */
async function settled(network: TapNetwork, layers: readonly number[], images: number): Promise<Timed> {
  const { size: possible } = await timed(network, layers, images)
  return timed(network, layers, possible)
}

interface Timed {
  /** The images of a pass; fewer than asked for if memory ran out. */
  readonly size: number
  readonly ms: number
}

async function timed(network: TapNetwork, layers: readonly number[], images: number): Promise<Timed> {
  const passes = new Passes(network, layers, images)
  const began = performance.now()
  await passes.run(new Float32Array(images * elementCount(network.network.inputShape)))
  return { size: passes.size, ms: performance.now() - began }
}
