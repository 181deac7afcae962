/** Questions about circuits: what is kept of the answers, and means over patches that come one after the other. */
import { describe, expect, it } from 'vitest'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { clauseError } from '../../../src/core/errors.ts'
import type { Engine } from '../../../src/engine/engine.ts'
import type { UnitInPicture, UnitReasons } from '../../../src/engine/reasons/unitReasons.ts'
import type { Remote } from '../../../src/rpc/remote.ts'
import type { OpenModel } from '../../../src/state/model/openModel.ts'
import { type AskingInPicture, fedByOf, meanReasons, reasonsOf } from '../../../src/state/reasons/circuits.ts'
import type { EnginePool } from '../../../src/state/workers/enginePool.ts'

const patches = [0, 1, 2].map((image) => ({ image, unit: [image, 3] as const }))

/** Asks about channel 5 of layer 2; the one of image i has contributed i + 1. */
function asking(fails: (image: number) => unknown = () => null) {
  const claims: UnitInPicture[] = []
  let weights = 0
  const engine = {
    fedBy: async () => {
      weights++
      return null
    },
    unitReasons: async (claim: UnitInPicture): Promise<UnitReasons> => {
      claims.push(claim)
      const image = Number(claim.picture)
      const error = fails(image)
      if (error) throw error
      const terms = [{ layer: 1, channel: 4, value: image + 1 }]
      const value = image + 1
      return { terms, bias: 0, value, size: value, computed: value, unit: claim.unit, after: [] }
    },
  } as unknown as Remote<Engine>
  const asked = {
    pool: { borrow: (task: (one: Remote<Engine>) => unknown) => task(engine) } as unknown as EnginePool,
    model: {} as OpenModel,
    images: { handleOf: async (image: number) => image } as unknown as AskingInPicture['images'],
    preprocessing: notebookPreprocessing,
    isScanned: () => false,
    layer: 2,
    channel: 5,
  }
  return { asked, claims, weightsAsked: () => weights }
}

describe('circuits', () => {
  it('are asked of an engine once, as long as model, images and preprocessing are the same', async () => {
    const { asked, claims, weightsAsked } = asking()
    await Promise.all([fedByOf(asked), fedByOf(asked)])
    await fedByOf({ ...asked, channel: 6 })
    expect(weightsAsked()).toBe(2)
    await reasonsOf(asked, patches[0]!)
    await reasonsOf(asked, patches[0]!)
    expect(claims.map(({ picture, unit, layer, channel }) => [picture, unit, layer, channel])).toEqual([
      [0, [0, 3], 2, 5],
    ])
    await reasonsOf({ ...asked, preprocessing: { ...notebookPreprocessing } }, patches[0]!)
    expect(claims).toHaveLength(2)
  })

  it('are asked again after a failure', async () => {
    const left = [new Error('lost')]
    const { asked, claims } = asking(() => left.pop())
    await expect(reasonsOf(asked, patches[1]!)).rejects.toThrow('lost')
    expect(await reasonsOf(asked, patches[1]!)).toMatchObject({ value: 2 })
    expect(claims).toHaveLength(2)
  })

  it('have means that grow patch by patch, without those whose images cannot be read', async () => {
    const { asked } = asking(
      (image) => image === 1 && clauseError('images/unreadable', { reason: 'it is gone' }),
    )
    const grown: [number, number | null][] = []
    const means = await meanReasons(asked, patches, new AbortController().signal, (so) =>
      grown.push([so.count, so.of({ layer: 1, channel: 4 })]),
    )
    expect(grown).toEqual([
      [1, 1],
      [2, 2],
    ])
    expect(means.count).toBe(2)
  })

  it('end when nobody waits for them any more, and with other errors', async () => {
    const gone = new AbortController()
    const { asked, claims } = asking()
    const left = meanReasons(asked, patches, gone.signal, () => gone.abort())
    await expect(left).rejects.toThrow(/abort/i)
    expect(claims).toHaveLength(1)
    const broken = asking(() => new Error('lost'))
    await expect(
      meanReasons(broken.asked, patches, new AbortController().signal, () => undefined),
    ).rejects.toThrow('lost')
  })
})
