/** @file Measurements that only `npm run bench` and tests use; they are loaded at their first call. */
import type { Convolutions } from '../engine/backend/kernels/convolution/choice.ts'
import type { GradientPace } from '../engine/bench/measureGradient.ts'
import type { BenchEngine } from '../engine/bench/benchEngine.ts'
import { imagesPerPass } from '../state/scan/imagesPerPass.ts'
import type { AppStore } from '../state/store.ts'
import type { WorkerHandle } from '../state/workers/workers.ts'

export interface ForwardPace {
  readonly imagesPerSecond: number
  /** The number of images in a pass. */
  readonly passSize: number
}

export interface Bench {
  /**
   * Runs the bare forward pass to a layer on all engines for so many seconds, in passes as large as a scan's, but of
   * no more than `most` images; on WASM by these convolutions.
   */
  measureForward(
    layer: string,
    most: number,
    seconds: number,
    convolutions?: Convolutions,
  ): Promise<ForwardPace>
  /** The images per second that `workers` of the engines decode together; they decode the first `count` images. */
  measureDecode(workers: number, count: number): Promise<number>
  /**
   * How long the first engine takes from an image to a layer and back, the least in so many seconds: of the whole image, or of what
   * the unit in the middle needs.
   */
  measureGradient(layer: string, isCrop: boolean, seconds: number): Promise<GradientPace>
  /** The number of tensors that are alive in all engines together. */
  tensorCount(): Promise<number>
}

type BenchRemote = WorkerHandle<BenchEngine>['remote']

/** The number of images that are decoded at once, about as many as in a scan. */
const decodesAtOnce = 32

export function benchOf({ getState, services }: AppStore): Bench {
  // The workers run a `BenchEngine`, but the page itself only uses it as an `Engine`.
  const engines = async (): Promise<BenchRemote[]> =>
    (await Promise.all(services.pool.engines())) as BenchRemote[]
  return {
    async measureForward(layer, most, seconds, convolutions) {
      const { model, backend, preprocessing } = getState()
      const layers = [model!.network.layers.findIndex(({ name }) => name === layer)]
      const settings = { layers, preprocessing, maxPassSize: Math.min(most, imagesPerPass(backend!.name)) }
      const all = await engines()
      const starts = await Promise.all(all.map((engine) => engine.beginScan(settings)))
      const rates = await Promise.all(
        all.map((engine, i) => engine.measureForward(layers, starts[i]!.passSize, seconds, convolutions)),
      )
      return { imagesPerSecond: sum(rates), passSize: starts[0]!.passSize }
    },
    async measureDecode(workers, count) {
      const { images, preprocessing } = getState()
      const some = (await engines()).slice(0, workers)
      const share = Math.floor(count / some.length)
      const rates = await Promise.all(
        some.map(async (engine, e) => {
          const numbers = Array.from({ length: share }, (_, i) => e * share + i)
          const items = await Promise.all(
            numbers.map(async (image) => ({ image, handle: await images!.handleOf(image) })),
          )
          return engine.measureDecode(items, decodesAtOnce, preprocessing)
        }),
      )
      return sum(rates)
    },
    async measureGradient(layer, isCrop, seconds) {
      const index = getState().model!.network.layers.findIndex(({ name }) => name === layer)
      return (await engines())[0]!.measureGradient(index, isCrop, seconds)
    },
    async tensorCount() {
      return sum(await Promise.all((await engines()).map((engine) => engine.tensorCount())))
    },
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
