import { describe, expect, it } from 'vitest'
import { clauseError, sentence } from '../../../src/core/errors.ts'
import type { AppStore } from '../../../src/state/store.ts'
import { proofOf } from '../../../src/state/selectors/proof.ts'
import { type Patch, patchesOf } from '../../../src/state/mosaic/patches.ts'
import { deferred, readyApp, settled } from '../../fixtures/fakeWorkers.ts'

/** A claim about the shown layer and channel 1. */
function patches(store: AppStore): Patch[] {
  const { model, results, layer } = store.getState()
  return patchesOf(model!, layer!, results.get(layer!)!, 1, 16)
}

async function scanned(...args: Parameters<typeof readyApp>) {
  const app = await readyApp(...args)
  app.store.getState().showChannel(1)
  await app.store.getState().run(['first'])
  return app
}

describe('the proof of a patch', () => {
  it('asks the first engine for the unit, with the box and the image of the patch', async () => {
    const { store, engines } = await scanned()
    const [, patch] = patches(store)
    const { images, preprocessing, model } = store.getState()
    const proving = store.getState().provePatch(patch!)
    expect(proofOf(store.getState(), patch!)).toMatchObject({ patch, outcome: null })
    await proving
    expect(engines.all[0]!.claims).toEqual([
      {
        layer: model!.network.layers.findIndex(({ name }) => name === 'first'),
        channel: 1,
        unit: patch!.unit,
        box: patch!.box,
        handle: images!.source.open(images!.table.paths[patch!.image]!),
        preprocessing,
        seed: patch!.image + 1,
      },
    ])
    expect(proofOf(store.getState(), patch!)!.outcome).toMatchObject({ before: 2, after: 2 })
  })

  it('is of that patch only, and of settings, model and images as they were', async () => {
    const { store } = await scanned()
    const [patch, other] = patches(store)
    await store.getState().provePatch(patch!)
    expect(proofOf(store.getState(), other!)).toBeNull()
    store.getState().showChannel(2)
    expect(proofOf(store.getState(), patch!)).toBeNull()
    store.getState().showChannel(1)
    expect(proofOf(store.getState(), patch!)).not.toBeNull()
    store.getState().setPreprocessing({ ...store.getState().preprocessing, scale: '-1..1' })
    expect(proofOf(store.getState(), patch!)).toBeNull()
  })

  it('goes on beside a scan, and leaves the scan alone when it fails', async () => {
    const gate = deferred()
    let slow = false
    const { store, engines } = await scanned({
      scanBatch: () => (slow ? gate.promise : undefined),
      provePatch: () => Promise.reject(new Error('out of memory')),
    })
    const [patch] = patches(store)
    slow = true
    const running = store.getState().runAnew(['first'])
    await settled()
    for (let again = 0; again < 2; again++) await store.getState().provePatch(patch!)
    expect(store.getState().scan.status).toBe('running')
    gate.resolve()
    await running
    expect(store.getState().scan.status).toBe('done')
    const texts = store.getState().notices.map(({ text }) => text)
    expect(texts).toEqual([sentence('scan/anew', { layers: 'first' }), 'out of memory'])
    expect(store.getState().proof).toBeNull()
    expect(engines.all).toHaveLength(1)
  })

  it('replaces an engine that has failed, the next time', async () => {
    const { store, engines } = await scanned({
      provePatch: (engine) => (engine === 0 ? Promise.reject(new Error('out of memory')) : undefined),
    })
    const [patch] = patches(store)
    await store.getState().provePatch(patch!)
    await store.getState().provePatch(patch!)
    expect(engines.all).toHaveLength(2)
    expect(proofOf(store.getState(), patch!)!.outcome).not.toBeNull()
  })

  it('of an image that is gone says so in one sentence, and keeps the engine', async () => {
    const gone = clauseError('images/unreadable', { reason: 'it was moved' })
    const { store, engines } = await scanned({ provePatch: () => Promise.reject(gone) })
    const [patch] = patches(store)
    await store.getState().provePatch(patch!)
    await store.getState().provePatch(patch!)
    const image = store.getState().images!.table.paths[patch!.image]!
    expect(store.getState().notices.map(({ text }) => text)).toEqual([
      sentence('proof/unreadable', { image, reason: gone.message }),
    ])
    expect(engines.all).toHaveLength(1)
  })

  it('that was asked for last is the one that counts', async () => {
    const gates = [deferred(), deferred()]
    let calls = 0
    const { store } = await scanned({ provePatch: () => gates[calls++]!.promise })
    const [early, late] = patches(store)
    const one = store.getState().provePatch(early!)
    const two = store.getState().provePatch(late!)
    await settled()
    gates[1]!.resolve()
    await two
    gates[0]!.resolve()
    await one
    expect(store.getState().proof!.patch).toEqual(late)
    expect(store.getState().proof!.outcome).not.toBeNull()
  })
})
