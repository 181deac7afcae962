/**
 * @file An engine whose pictures are decoded in other workers if it computes on a graphics card. It is used as any engine.
 */
import type { MapShape } from '../../core/model/network.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Remote } from '../../rpc/remote.ts'
import { transfer } from '../../rpc/transfer.ts'
import type { DecoderPool } from './decoderPool.ts'
import type { WorkerHandle } from './workers.ts'

export function decodingEngine(engine: WorkerHandle<Engine>, decoders: DecoderPool): WorkerHandle<Engine> {
  const { remote } = engine
  const user = {}
  let onCard = false
  let inputShape: MapShape | null = null
  let preprocessing: Preprocessing | null = null

  const own: Pick<Remote<Engine>, 'start' | 'openModel' | 'beginScan' | 'scanBatch'> = {
    async start(choice) {
      const report = await remote.start(choice)
      onCard = report.name !== 'wasm'
      return report
    },
    async openModel(files, options) {
      const model = await remote.openModel(files, options)
      inputShape = model.network.inputShape
      return model
    },
    async beginScan(settings) {
      const begun = await remote.beginScan(settings)
      preprocessing = settings.preprocessing
      return begun
    },
    async scanBatch(items) {
      if (!onCard || !inputShape || !preprocessing || !engine.isAlive()) return remote.scanBatch(items)
      const { pictures, ...rows } = await decoders.decode(user, items, inputShape, preprocessing)
      const report = await remote.scanDecoded(transfer(rows, [rows.data.buffer, rows.images.buffer]))
      return { ...report, pictures }
    },
  }

  return {
    // All other methods are those of the engine.
    remote: Object.assign(Object.create(remote) as Remote<Engine>, own),
    isAlive: () => engine.isAlive(),
    terminate() {
      engine.terminate()
      decoders.release(user)
    },
  }
}
