/** @file The numeric self-test of a backend: one image through the user's own network, there and on WASM. */
import { weightsBytes } from '../../core/estimates.ts'
import { messageOf } from '../../core/errors.ts'
import { compareExtremes } from '../../core/scan/selfTest.ts'
import type { Engine, ModelDescription } from '../../engine/engine.ts'
import type { LayerProbe } from '../../engine/scan/probe.ts'
import type { Remote } from '../../rpc/remote.ts'
import { Latest } from '../timing/latest.ts'
import type { ModelSource } from '../workers/enginePool.ts'
import type { WorkerHandle } from '../workers/workers.ts'

export type SelfTest =
  | { readonly status: 'running' }
  /** `error`: the largest one of all layers, relative to the layer's largest absolute activation. */
  | { readonly status: 'passed'; readonly error: number }
  /** `layer`: the first one beyond the tolerance, and its error. */
  | { readonly status: 'differs'; readonly layer: string; readonly error: number }
  /** Nothing is known about the backend. */
  | { readonly status: 'failed' | 'skipped'; readonly reason: string }

/** The test is skipped for more than this, as its copy of the weights would take as much memory again. */
const mostWeightBytes = 400e6

export class SelfTester {
  readonly #spawn: () => WorkerHandle<Engine>
  readonly #tests = new Latest()

  /** `spawn` makes the short-lived engine that runs on WASM. */
  constructor(spawn: () => WorkerHandle<Engine>) {
    this.#spawn = spawn
  }

  /** Ends the test that is under way. */
  cancel(): void {
    this.#tests.cancel()
  }

  /** Tests an engine that has this model open. Resolves to null if it was cancelled; never rejects. One at a time. */
  async run(
    engine: Remote<Engine> | Promise<Remote<Engine>>,
    { network, parameters }: Pick<ModelDescription, 'network' | 'parameters'>,
    source: ModelSource,
  ): Promise<SelfTest | null> {
    const test = this.#tests.begin()
    const bytes = weightsBytes(parameters)
    if (bytes > mostWeightBytes) {
      const megabytes = Math.round(bytes / 1e6).toLocaleString('en')
      return { status: 'skipped', reason: `its weights take ${megabytes} MB, too much to hold them twice` }
    }
    const reference = this.#spawn()
    test.addEventListener('abort', () => reference.terminate())
    try {
      const [found, expected] = await Promise.all([
        Promise.resolve(engine).then((one) => one.probe()),
        probeOnWasm(reference.remote, source),
      ])
      if (test.aborted) return null
      const { error, first } = compareExtremes(found, expected)
      if (!first) return { status: 'passed', error }
      return { status: 'differs', layer: network.layers[first.layer]!.name, error: first.error }
    } catch (error) {
      return test.aborted ? null : { status: 'failed', reason: messageOf(error) }
    } finally {
      reference.terminate()
    }
  }
}

async function probeOnWasm(engine: Remote<Engine>, source: ModelSource): Promise<readonly LayerProbe[]> {
  await engine.start('wasm')
  await engine.openModel(source.files, { inputSize: source.inputSize })
  return engine.probe()
}

/** The error of a layer in words. */
export function shownError(error: number): string {
  if (!Number.isFinite(error)) return 'one of both is not finite'
  return `by ${Number((100 * error).toPrecision(2))} % of the layer's largest activation`
}
