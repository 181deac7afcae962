import { describe, expect, it } from 'vitest'
import { emptySummary } from '../../../src/core/scan/channelSummary.ts'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import type { Engine } from '../../../src/engine/engine.ts'
import type { ChannelMap } from '../../../src/engine/scan/channelMap.ts'
import type { Remote } from '../../../src/rpc/remote.ts'
import { PictureProbe, type Sight } from '../../../src/state/probe/pictureProbe.ts'
import { deferred, type Deferred, settled } from '../../fixtures/fakeWorkers.ts'

const map: ChannelMap = { rows: 1, columns: 2, values: Float32Array.of(3, 4) }

/** An engine that keeps one picture, as the real one does, and answers when the test says so. */
class FakeEngine {
  kept: number | null = null
  readonly looks: { readonly picture: unknown; readonly gate: Deferred<void> }[] = []
  isSlow = false

  readonly remote = {
    lookAt: async (id: number, sight: Sight) => {
      const gate = deferred()
      this.looks.push({ picture: sight.picture, gate })
      if (this.isSlow) await gate.promise
      this.kept = id
      return sight.layers.map((layer) => {
        const summary = emptySummary(1, 2)
        summary.max.fill(layer)
        return summary
      })
    },
    lookedMap: async (id: number) => (this.kept === id ? map : null),
    lookedUnit: async (id: number) => (this.kept === id ? Float32Array.of(1, 2) : null),
    forgetLook: async () => {
      this.kept = null
    },
  } as unknown as Remote<Engine>
}

function setUp() {
  const engine = new FakeEngine()
  const probe = new PictureProbe({ borrow: (task) => task(engine.remote) }, () => false)
  return { engine, probe, close: probe.open() }
}

const sight = (picture: string): Sight => ({
  picture,
  preprocessing: notebookPreprocessing,
  layers: [5, 7],
  together: [5, 7],
})

const pictures = ({ looks }: FakeEngine): unknown[] => looks.map(({ picture }) => picture)

describe('looking at pictures', () => {
  it('gives the maxima of each layer', async () => {
    const { probe } = setUp()
    const seen = await probe.look(sight('a'))
    expect([...seen!.maxima]).toEqual([
      [5, Float32Array.of(5, 5)],
      [7, Float32Array.of(7, 7)],
    ])
  })

  it('is done one by one, and of those that come meanwhile only the latest is looked at', async () => {
    const { engine, probe } = setUp()
    engine.isSlow = true
    const first = probe.look(sight('a'))
    await settled()
    const [second, third, fourth] = ['b', 'c', 'd'].map((picture) => probe.look(sight(picture)))
    await settled()
    expect(pictures(engine)).toEqual(['a'])
    engine.looks[0]!.gate.resolve()
    expect((await first)?.sight.picture).toBe('a')
    expect(await second).toBeNull()
    expect(await third).toBeNull()
    await settled()
    expect(pictures(engine)).toEqual(['a', 'd'])
    engine.looks[1]!.gate.resolve()
    expect((await fourth)?.sight.picture).toBe('d')
  })

  it('goes on after a picture that cannot be read', async () => {
    const { engine, probe } = setUp()
    engine.isSlow = true
    const first = probe.look(sight('broken'))
    await settled()
    const second = probe.look(sight('b'))
    await settled()
    engine.looks[0]!.gate.reject(new Error('no picture'))
    await expect(first).rejects.toThrow('no picture')
    await settled()
    engine.looks[1]!.gate.resolve()
    expect((await second)?.sight.picture).toBe('b')
  })

  it('answers questions, and looks again if the engine has forgotten', async () => {
    const { engine, probe } = setUp()
    const seen = (await probe.look(sight('a')))!
    expect(await probe.map(seen, 5, 0)).toEqual(map)
    engine.kept = null
    expect(await probe.unit(seen, 5, [0, 1])).toEqual(Float32Array.of(1, 2))
    expect(pictures(engine)).toEqual(['a', 'a'])
  })

  it('answers no questions about a picture whose place another has taken', async () => {
    const { engine, probe } = setUp()
    const first = (await probe.look(sight('a')))!
    const second = (await probe.look(sight('b')))!
    expect(await probe.map(first, 5, 0)).toBeNull()
    expect(await probe.map(second, 5, 0)).toEqual(map)
    expect(pictures(engine)).toEqual(['a', 'b'])
  })

  it('ends when it is closed: the engine forgets, and what waits is not looked at', async () => {
    const { engine, probe, close } = setUp()
    const seen = (await probe.look(sight('a')))!
    expect(engine.kept).toBe(seen.id)
    engine.isSlow = true
    const running = probe.look(sight('b'))
    await settled()
    const waiting = probe.look(sight('c'))
    await settled()
    close()
    engine.looks[1]!.gate.resolve()
    expect(await running).toBeNull()
    expect(await waiting).toBeNull()
    await settled()
    expect([engine.kept, pictures(engine)]).toEqual([null, ['a', 'b']])
    expect(await probe.map(seen, 5, 0)).toBeNull()
    expect(pictures(engine)).toEqual(['a', 'b'])
  })

  it('asks nothing of an engine if it was closed unused', async () => {
    const { engine, close } = setUp()
    engine.kept = 99
    close()
    await settled()
    expect(engine.kept).toBe(99)
  })
})
