/** The self-test with real engines: it passes for our kernels, and finds one that is wrong. */
import { afterEach, describe, expect, it } from 'vitest'
import { connect } from '../../../src/rpc/remote.ts'
import { type SelfTest, SelfTester } from '../../../src/state/model/selfTest.ts'
import { spawnEngine } from '../../../src/state/workers/workers.ts'
import type { FaultyEngine } from '../faultyEngine.worker.ts'
import { fixtureModel } from '../fixtureFiles.ts'

let worker: Worker | undefined
afterEach(() => worker?.terminate())

/** Tests an engine on WASM in which this kernel is wrong. */
async function tested(wrong: string | null): Promise<SelfTest | null> {
  worker = new Worker(new URL('../faultyEngine.worker.ts', import.meta.url), { type: 'module' })
  const { remote } = connect<FaultyEngine>(worker as never)
  const backend = await remote.start('wasm')
  expect(backend).toMatchObject({ name: 'wasm', isReference: false })
  const source = { files: await fixtureModel('functional.h5'), inputSize: null }
  const model = await remote.openModel(source.files, source)
  if (wrong !== null) await remote.falsify(wrong)
  const tester = new SelfTester(
    () => spawnEngine(),
    () => true,
  )
  const engine = (): Promise<typeof remote> => Promise.resolve(remote)
  return tester.test({ backend, model, source, engine }, new AbortController().signal)
}

describe('the self-test on WASM', () => {
  it('passes for our kernels, which do not make the same bits', async () => {
    const test = (await tested(null)) as Extract<SelfTest, { status: 'passed' }>
    expect(test.status).toBe('passed')
    expect(test.error).toBeGreaterThan(0)
    expect(test.error).toBeLessThan(1e-5)
  })

  it.each([
    ['FusedConv2D', 'stem'],
    ['Concat', 'concat'],
    ['Add', 'join'],
  ])('names the first layer that %s computes, if that kernel is wrong', async (kernel, layer) => {
    expect(await tested(kernel)).toMatchObject({
      status: 'differs',
      layer,
      isFolded: false,
      error: expect.closeTo(1e-3, 5) as number,
    })
  })

  it('names a layer that is wrong only if others are folded into it', async () => {
    // It computes convolutions that have something folded into their weights, and no others of this network.
    expect(await tested('OwnConv2D')).toMatchObject({ status: 'differs', layer: 'stem_relu', isFolded: true })
  })
})
