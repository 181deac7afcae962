/** @file Writes a snapshot of what is on the page, between two reports of a scan that may be under way. */
import { choiceOf } from '../../core/backendNames.ts'
import { snapshotParts } from '../../core/results/snapshot/snapshotParts.ts'
import { SnapshotWriter } from '../../core/results/snapshot/snapshotWriter.ts'
import type { AppState } from '../appState.ts'
import { type Digester, digestModel, digestTable, fingerprint } from '../checkpoints/digests.ts'
import type { ImageSet } from '../images/imageSet.ts'
import type { OpenModel } from '../model/openModel.ts'
import { breather } from '../timing/breather.ts'
import { lossesOf } from '../reasons/keptLosses.ts'
import { settledRecord } from './exportNotes.ts'

const encoder = new TextEncoder()

export async function snapshotBlob(
  state: AppState,
  model: OpenModel,
  images: ImageSet,
  digester: Digester,
): Promise<Blob> {
  const { name, network, source } = model
  const { results, coverage, selection, preprocessing, k, backend } = state
  const facts = {
    model: {
      name,
      sha256: await digestModel(model, digester),
      inputShape: network.inputShape,
      inputSize: source.inputSize,
    },
    images: {
      name: images.name,
      digest: await digestTable(images.table, digester),
      fingerprint: await fingerprint(images, digester),
    },
    preprocessing,
    k,
    backend: choiceOf(backend!),
    notes: await settledRecord(state),
  }
  return state.betweenReports(async (skipped) => {
    const parts = {
      network,
      facts,
      table: images.table,
      selection,
      results,
      losses: lossesOf(results),
      coverage,
      skipped,
    }
    const { layers, ...content } = snapshotParts(parts)
    const breathe = breather()
    const blobs: Blob[] = []
    let held: Uint8Array<ArrayBuffer>[] = []
    const writer = new SnapshotWriter(
      content,
      (text) => encoder.encode(text),
      (bytes) => held.push(bytes),
    )
    // The browser keeps blobs outside of the page.
    const handOver = (): void => {
      blobs.push(new Blob(held))
      held = []
    }
    for (const layer of layers) {
      writer.layer(layer.facts, layer.snapshot())
      handOver()
      await breathe()
    }
    const start = writer.end()
    handOver()
    return new Blob([start, ...blobs], { type: 'application/octet-stream' })
  })
}
