/**
 * @file The numeric self-test: one image through the user's own network, by what computes here and by TensorFlow.js' own
 * kernels on WASM, the reference.
 */
import type { Computing } from '../../core/backendNames.ts'
import { weightsBytes } from '../../core/estimates.ts'
import { messageOf } from '../../core/errors.ts'
import { compareExtremes, toleranceOf } from '../../core/scan/selfTest.ts'
import type { Engine, ModelDescription } from '../../engine/engine.ts'
import type { Remote } from '../../rpc/remote.ts'
import { WhenQuiet } from '../timing/whenQuiet.ts'
import type { ModelSource } from '../workers/enginePool.ts'
import type { WorkerHandle } from '../workers/workers.ts'

export type SelfTest =
  /** `waiting`: it is held when nothing else goes on. */
  | { readonly status: 'waiting' | 'running' }
  /** `error`: the largest one of all layers, relative to the layer's largest absolute activation. */
  | { readonly status: 'passed'; readonly error: number }
  /**
   * `layer`: the first one beyond the tolerance, and its error. `isFolded`: it is right if each layer is computed on its
   * own, and wrong if layers before it are folded into others, as in a scan of few layers.
   */
  | { readonly status: 'differs'; readonly layer: string; readonly error: number; readonly isFolded: boolean }
  /** Nothing is known. */
  | { readonly status: 'failed' | 'skipped'; readonly reason: string }

/** The test is skipped for more than this, as its copy of the weights would take as much memory again. */
const mostWeightBytes = 400e6

/** All that is tested. */
export interface Tested {
  readonly backend: Computing
  readonly model: Pick<ModelDescription, 'network' | 'parameters'>
  readonly source: ModelSource
  /** Asks for an engine that has this model open. */
  readonly engine: () => Promise<Remote<Engine>>
}

/** Holds tests; they resolve to null once the signal is aborted, and never reject. */
export class SelfTester {
  readonly #spawn: () => WorkerHandle<Engine>
  readonly #quiet: WhenQuiet

  /** `spawn` makes a short-lived engine; `isQuiet` says whether nothing goes on that a test could hold up. */
  constructor(spawn: () => WorkerHandle<Engine>, isQuiet: () => boolean) {
    this.#spawn = spawn
    this.#quiet = new WhenQuiet(isQuiet)
  }

  test(tested: Tested, signal: AbortSignal): Promise<SelfTest | null> {
    return selfTest(tested, this.#spawn, signal)
  }

  /** One at a time. */
  testWhenQuiet(tested: Tested, signal: AbortSignal): Promise<SelfTest | null> {
    return this.#quiet.do((running) => selfTest(tested, this.#spawn, running), signal)
  }

  /** Something begins that a test must not hold up: one that waits for quiet does so again. */
  interrupt(): void {
    this.#quiet.interrupt()
  }
}

/**
 * Resolves to null if it was aborted; never rejects. `spawn` makes the short-lived engine of the reference; the one that is
 * tested computes only when that has its numbers.
 */
async function selfTest(
  { backend, model: { network, parameters }, source, engine }: Tested,
  spawn: () => WorkerHandle<Engine>,
  signal: AbortSignal,
): Promise<SelfTest | null> {
  if (signal.aborted) return null
  const bytes = weightsBytes(parameters)
  if (bytes > mostWeightBytes) {
    const megabytes = Math.round(bytes / 1e6).toLocaleString('en')
    return { status: 'skipped', reason: `its weights take ${megabytes} MB, too much to hold them twice` }
  }
  const reference = spawn()
  const end = (): void => reference.terminate()
  signal.addEventListener('abort', end)
  try {
    await reference.remote.start('tfjs-wasm')
    await reference.remote.openModel(source.files, { inputSize: source.inputSize })
    const expected = await reference.remote.probe('all')
    end()
    let error = 0
    for (const taps of ['all', 'ends'] as const) {
      if (signal.aborted) return null
      const found = await (await engine()).probe(taps)
      const compared = compareExtremes(found, expected, toleranceOf(backend.name))
      const { first } = compared
      if (first) {
        const layer = network.layers[first.layer]!.name
        return { status: 'differs', layer, error: first.error, isFolded: taps === 'ends' }
      }
      error = Math.max(error, compared.error)
    }
    return signal.aborted ? null : { status: 'passed', error }
  } catch (error) {
    return signal.aborted ? null : { status: 'failed', reason: messageOf(error) }
  } finally {
    signal.removeEventListener('abort', end)
    end()
  }
}

/** The error of a layer in words. */
export function shownError(error: number): string {
  if (!Number.isFinite(error)) return 'one of both is not finite'
  return `by ${plain(100 * error)} % of the layer's largest activation`
}

/** Two digits, without an exponent. */
function plain(percent: number): string {
  return percent.toLocaleString('en', { maximumSignificantDigits: 2, useGrouping: false })
}
