/** The race of two backends, and the numbers by which they are compared. */
import { describe, expect, it } from 'vitest'
import { raceBackends } from '../../../src/engine/backend/raceBackends.ts'
import { spawnEngine } from '../../../src/state/workers/workers.ts'
import { fixtureModel } from '../fixtureFiles.ts'

describe('probe', () => {
  it('says the same of every layer that can be scanned, on WASM and WebGL and every time', async () => {
    const probes = await Promise.all(
      (['wasm', 'webgl'] as const).map(async (backend) => {
        const { remote, terminate } = spawnEngine()
        await remote.start(backend)
        const { network } = await remote.openModel(await fixtureModel('functional.h5'), { inputSize: null })
        const tensors = await remote.tensorCount()
        const first = await remote.probe('all')
        expect(await remote.probe('all')).toEqual(first)
        expect(await remote.tensorCount()).toBe(tensors)
        // Before any scan, what is folded stays for the next pass.
        const folded = await remote.probe('ends')
        const prepared = await remote.tensorCount()
        expect(prepared).toBeGreaterThan(tensors)
        expect(await remote.probe('ends')).toEqual(folded)
        expect(await remote.tensorCount()).toBe(prepared)
        terminate()
        const scannable = network.layers.flatMap(({ op, className }, i) =>
          op && className !== 'InputLayer' ? [i] : [],
        )
        expect(first.map(({ layer }) => layer)).toEqual(scannable)
        return first
      }),
    )
    const [wasm, webgl] = probes
    for (const [i, { max, min }] of wasm!.entries()) {
      const scale = Math.max(...max.map(Math.abs), ...min.map(Math.abs))
      for (const [c, value] of max.entries()) {
        expect(Math.abs(value - webgl![i]!.max[c]!) / scale).toBeLessThan(1e-5)
        expect(Math.abs(min[c]! - webgl![i]!.min[c]!) / scale).toBeLessThan(1e-5)
        expect(min[c]).toBeLessThanOrEqual(value)
      }
    }
  })
})

describe('the race of backends', () => {
  it('is won by WASM where WebGL has no graphics card', async () => {
    const { webgl, wasm } = await raceBackends()
    expect(wasm).toBeGreaterThan(0)
    expect(webgl).toBeGreaterThan(wasm)
  })
})
