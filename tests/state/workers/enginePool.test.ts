import { afterEach, describe, expect, it, vi } from 'vitest'
import { clauseError, sentence } from '../../../src/core/errors.ts'
import type { Network } from '../../../src/core/model/network.ts'
import { EnginePool, type ModelSource } from '../../../src/state/workers/enginePool.ts'
import {
  type Behaviour,
  deferred,
  type FakeEngines,
  fakeEngines,
  modelFile,
  settled,
  smallNetwork,
} from '../../fixtures/fakeWorkers.ts'
import { chain, spec } from '../../fixtures/kerasModels.ts'

afterEach(() => {
  vi.useRealTimers()
})

function pooled(behaviour: Behaviour = {}, cores = 4): { pool: EnginePool; engines: FakeEngines } {
  const engines = fakeEngines(behaviour)
  return { pool: new EnginePool(engines.spawn, cores), engines }
}

function source(file: File): ModelSource {
  return { files: [{ path: file.name, file }], inputSize: null }
}

/** All engines, once they are ready. */
async function ready(pool: EnginePool) {
  return Promise.all(pool.engines())
}

/** A network with 120 million parameters, which take 480 MB per engine. */
function largeNetwork(): Network {
  return chain([100, 100, 3], [spec('Flatten', 'flat'), spec('Dense', 'dense', { units: 4000 })])
}

function living({ all }: FakeEngines): number[] {
  return [...all.keys()].filter((i) => !all[i]!.terminated)
}

describe('the engines', () => {
  it('are one on a graphics card', async () => {
    const { pool, engines } = pooled({ backend: 'webgl' })
    const { backend, model } = await pool.open(source(modelFile()), 'auto')
    expect(backend.name).toBe('webgl')
    expect(model.network.layers.map(({ name }) => name)).toContain('first')
    expect(pool.size).toBe(1)
    expect(await ready(pool)).toEqual([engines.all[0]!.remote])
  })

  it.each([
    [1, 1],
    [4, 4],
    [64, 8],
  ])('are as many as cores on WASM, at most eight: %i cores, %i engines', async (cores, count) => {
    const { pool, engines } = pooled({ backend: 'wasm' }, cores)
    const file = modelFile()
    await pool.open(source(file), 'auto')
    expect(pool.size).toBe(count)
    expect(await ready(pool)).toEqual(engines.all.map(({ remote }) => remote))
    expect(engines.all.map((engine) => engine.file)).toEqual(Array.from({ length: count }, () => file))
  })

  it('are fewer where their weights together would not fit into memory', async () => {
    const { pool } = pooled({ backend: 'wasm', openModel: largeNetwork }, 8)
    await pool.open(source(modelFile()), 'auto')
    expect(pool.size).toBe(3)
  })

  it('are fewer where images are so large that those in hand together would not fit into memory', async () => {
    const { pool } = pooled(
      { backend: 'wasm', openModel: () => chain([4000, 4000, 3], [spec('ReLU', 'relu')]) },
      8,
    )
    await pool.open(source(modelFile()), 'auto')
    expect(pool.size).toBe(1)
  })

  it('are there each as soon as it is ready', async () => {
    const gate = deferred()
    const { pool, engines } = pooled(
      { backend: 'wasm', start: (engine) => (engine === 1 ? gate.promise : undefined) },
      3,
    )
    await pool.open(source(modelFile()), 'auto')
    const [first, second, third] = pool.engines()
    expect(await Promise.all([first, third])).toEqual([engines.all[0]!.remote, engines.all[2]!.remote])
    let begun = false
    void second!.then(() => (begun = true))
    await settled()
    expect(begun).toBe(false)
    gate.resolve()
    expect(await second).toBe(engines.all[1]!.remote)
  })

  it('that cannot start reject on their own', async () => {
    const { pool, engines } = pooled(
      {
        backend: 'wasm',
        start(engine) {
          if (engine === 1) throw new Error('no memory')
        },
      },
      3,
    )
    await pool.open(source(modelFile()), 'auto')
    const [first, second, third] = pool.engines()
    await expect(second).rejects.toThrow('no memory')
    expect(await Promise.all([first, third])).toEqual([engines.all[0]!.remote, engines.all[2]!.remote])
  })
})

describe('a model that takes too long to read', () => {
  const never = () => new Promise<never>(() => undefined)

  it('is given up after half a minute and more for large files, and its engine ends', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { pool, engines } = pooled({ openModel: (engine) => (engine === 1 ? never() : smallNetwork()) })
    await pool.open(source(modelFile()), 'auto')
    const large = new File([new Uint8Array(20e6)], 'large.h5')
    const opening = pool.open(source(large), 'auto')
    const result = expect(opening).rejects.toThrow(
      sentence('model/too-slow', { file: 'large.h5', seconds: 40 }),
    )
    await vi.advanceTimersByTimeAsync(39_999)
    expect(living(engines)).toEqual([0, 1])
    await vi.advanceTimersByTimeAsync(1)
    await result
    expect(living(engines)).toEqual([0])
    expect(await ready(pool)).toEqual([engines.all[0]!.remote])
  })

  it('is waited for if the user is patient', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const slow = deferred<Network>()
    const { pool, engines } = pooled({ openModel: () => slow.promise })
    const opening = pool.open(source(modelFile()), 'auto', undefined, true)
    await vi.advanceTimersByTimeAsync(600_000)
    slow.resolve(smallNetwork())
    await opening
    expect(await ready(pool)).toEqual([engines.all[0]!.remote])
  })

  it('does not keep an engine once another model is opened', async () => {
    const { pool, engines } = pooled({ openModel: (engine) => (engine === 0 ? never() : smallNetwork()) })
    const stuck = expect(pool.open(source(modelFile('stuck.h5')), 'auto')).rejects.toThrow(
      'stuck.h5 was not opened',
    )
    await settled()
    await pool.open(source(modelFile()), 'auto')
    expect(living(engines)).toEqual([1])
    await stuck
  })
})

describe('another model', () => {
  it('ends the engines of the one before', async () => {
    const { pool, engines } = pooled({ backend: 'wasm' }, 2)
    await pool.open(source(modelFile('a.h5')), 'auto')
    await ready(pool)
    await pool.open(source(modelFile('b.h5')), 'auto')
    await ready(pool)
    expect(living(engines)).toEqual([2, 3])
    expect(engines.all.map(({ file }) => file!.name)).toEqual(['a.h5', 'a.h5', 'b.h5', 'b.h5'])
  })

  it('that cannot be opened leaves the engines of the one before, and none of its own', async () => {
    const { pool, engines } = pooled(
      {
        backend: 'wasm',
        openModel(_, file) {
          if (file.name === 'broken.h5') throw new Error('broken')
          return chain([6, 6, 3], [spec('ReLU', 'relu')])
        },
      },
      2,
    )
    await pool.open(source(modelFile()), 'auto')
    await expect(pool.open(source(modelFile('broken.h5')), 'auto')).rejects.toThrow('broken')
    expect(living(engines)).toEqual([0, 1])
    expect(await ready(pool)).toEqual([engines.all[0]!.remote, engines.all[1]!.remote])
  })

  it('opened later wins, also where the earlier one is ready later', async () => {
    const slow = deferred()
    const { pool, engines } = pooled({ start: (engine) => (engine === 0 ? slow.promise : undefined) })
    const earlier = pool.open(source(modelFile('earlier.h5')), 'auto')
    await pool.open(source(modelFile('later.h5')), 'auto')
    slow.resolve()
    await expect(earlier).rejects.toThrow('earlier.h5 was not opened')
    expect(await ready(pool)).toEqual([engines.all[1]!.remote])
    expect(living(engines)).toEqual([1])
  })

  it('opened later wins, also where it is ready later', async () => {
    const slow = deferred()
    const { pool, engines } = pooled({ start: (engine) => (engine === 1 ? slow.promise : undefined) })
    const earlier = pool.open(source(modelFile('earlier.h5')), 'auto')
    const later = pool.open(source(modelFile('later.h5')), 'auto')
    await expect(earlier).rejects.toThrow('earlier.h5 was not opened')
    expect(living(engines)).toEqual([1])
    slow.resolve()
    await later
    expect(await ready(pool)).toEqual([engines.all[1]!.remote])
    expect(engines.all[1]!.file!.name).toBe('later.h5')
  })

  it('that is not accepted leaves the engines of the one before, and none of its own', async () => {
    const { pool, engines } = pooled()
    await pool.open(source(modelFile()), 'auto')
    const useless = pool.open(source(modelFile('useless.h5')), 'auto', () => {
      throw new Error('nothing to scan')
    })
    await expect(useless).rejects.toThrow('nothing to scan')
    expect(living(engines)).toEqual([0])
    expect(await ready(pool)).toEqual([engines.all[0]!.remote])
  })
})

describe('broken engines', () => {
  it('are replaced when a scan asks for engines, with the same model on the same backend', async () => {
    const choices: string[] = []
    const { pool, engines } = pooled({ backend: 'wasm', start: (_, choice) => void choices.push(choice) }, 2)
    const file = modelFile()
    await pool.open(source(file), 'auto')
    pool.markBroken()
    const fresh = await ready(pool)
    expect(fresh).toEqual([engines.all[2]!.remote, engines.all[3]!.remote])
    expect(living(engines)).toEqual([2, 3])
    expect(engines.all[2]!.file).toBe(file)
    expect(choices.slice(2)).toEqual(['wasm', 'wasm'])
    expect(await ready(pool)).toEqual(fresh)
  })

  it('are not replaced by those of the old model where another one is opened meanwhile', async () => {
    const slow = deferred()
    const { pool, engines } = pooled({ start: (engine) => (engine === 1 ? slow.promise : undefined) })
    await pool.open(source(modelFile('old.h5')), 'auto')
    pool.markBroken()
    const replacing = ready(pool)
    await pool.open(source(modelFile('new.h5')), 'auto')
    slow.resolve()
    await expect(replacing).rejects.toThrow('it was stopped')
    expect(living(engines)).toEqual([2])
    expect(await ready(pool)).toEqual([engines.all[2]!.remote])
  })

  it('stay marked until they could be replaced', async () => {
    let broken = false
    const { pool, engines } = pooled({
      start() {
        if (broken) throw new Error('no memory')
      },
    })
    await pool.open(source(modelFile()), 'auto')
    pool.markBroken()
    broken = true
    await expect(ready(pool)).rejects.toThrow('no memory')
    broken = false
    expect(await ready(pool)).toEqual([engines.all[2]!.remote])
  })
})

describe('a borrowed engine', () => {
  const alone = (): boolean => false
  const broken = (): Promise<never> => Promise.reject(new Error('out of memory'))

  it('is the first one, and the result is that of the task', async () => {
    const { pool, engines } = pooled({ backend: 'wasm' }, 3)
    await pool.open(source(modelFile()), 'auto')
    expect(await pool.borrow((engine) => Promise.resolve(engine), alone)).toBe(engines.all[0]!.remote)
  })

  it('that has failed is replaced when engines are asked for next, and no other one is', async () => {
    const { pool, engines } = pooled({ backend: 'wasm' }, 3)
    await pool.open(source(modelFile()), 'auto')
    await expect(pool.borrow(broken, alone)).rejects.toThrow('out of memory')
    expect(await ready(pool)).toEqual([3, 1, 2].map((engine) => engines.all[engine]!.remote))
    expect(living(engines)).toEqual([1, 2, 3])
  })

  it('is not replaced below a scan that is under way when it fails', async () => {
    const { pool, engines } = pooled()
    await pool.open(source(modelFile()), 'auto')
    let isScanned = false
    const failing = pool.borrow(
      async () => {
        isScanned = true
        return broken()
      },
      () => isScanned,
    )
    await expect(failing).rejects.toThrow('out of memory')
    await ready(pool)
    expect(engines.all).toHaveLength(1)
  })

  it('is not to blame for an image that cannot be read', async () => {
    const { pool, engines } = pooled()
    await pool.open(source(modelFile()), 'auto')
    const gone = clauseError('images/unreadable', { reason: 'it was moved' })
    await expect(pool.borrow(() => Promise.reject(gone), alone)).rejects.toBe(gone)
    await ready(pool)
    expect(engines.all).toHaveLength(1)
  })

  it('of a model that is not open any more says nothing about those of the next one', async () => {
    const { pool, engines } = pooled()
    await pool.open(source(modelFile('old.h5')), 'auto')
    const gate = deferred<never>()
    const failing = pool.borrow(() => gate.promise, alone)
    await settled()
    await pool.open(source(modelFile('new.h5')), 'auto')
    gate.reject(new Error('it was stopped'))
    await expect(failing).rejects.toThrow('it was stopped')
    await ready(pool)
    expect(engines.all).toHaveLength(2)
  })
})

describe('a lost engine', () => {
  it('is replaced alone, with the same model on the same backend', async () => {
    const choices: string[] = []
    const { pool, engines } = pooled({ backend: 'wasm', start: (_, choice) => void choices.push(choice) }, 3)
    const file = modelFile()
    await pool.open(source(file), 'auto')
    const [, second] = await ready(pool)
    const fresh = await pool.replace(second!)
    expect(fresh).toBe(engines.all[3]!.remote)
    expect(engines.all[3]!.file).toBe(file)
    expect(choices[3]).toBe('wasm')
    expect(living(engines)).toEqual([0, 2, 3])
    expect(await ready(pool)).toEqual([0, 3, 2].map((engine) => engines.all[engine]!.remote))
  })

  it('that another caller has had replaced already is not replaced again', async () => {
    const { pool, engines } = pooled()
    await pool.open(source(modelFile()), 'auto')
    const [lost] = await ready(pool)
    engines.all[0]!.die('crash')
    const [fresh] = await ready(pool)
    expect(await pool.replace(lost!)).toBe(fresh)
    expect(engines.all).toHaveLength(2)
  })

  it('is tried to be replaced three times, with time between', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { pool, engines } = pooled({
      start(engine) {
        if (engine > 0 && engine < 3) throw new Error('no graphics')
      },
    })
    await pool.open(source(modelFile()), 'auto')
    const [lost] = await ready(pool)
    const replacing = pool.replace(lost!)
    await vi.advanceTimersByTimeAsync(999)
    expect(engines.all).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(5000)
    vi.useRealTimers()
    expect(await replacing).toBe(engines.all[3]!.remote)
    expect(living(engines)).toEqual([3])
  })

  it('that cannot be replaced rejects, and is tried again when engines are asked for', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { pool, engines } = pooled({
      start(engine) {
        if (engine > 0 && engine < 4) throw new Error('no graphics')
      },
    })
    await pool.open(source(modelFile()), 'auto')
    const [lost] = await ready(pool)
    const replacing = pool.replace(lost!)
    const refused = expect(replacing).rejects.toThrow('no graphics')
    await vi.advanceTimersByTimeAsync(10_000)
    vi.useRealTimers()
    await refused
    expect(await ready(pool)).toEqual([engines.all[4]!.remote])
  })

  it('of a model that is not open any more is not replaced', async () => {
    const { pool, engines } = pooled()
    await pool.open(source(modelFile('old.h5')), 'auto')
    const [lost] = await ready(pool)
    await pool.open(source(modelFile('new.h5')), 'auto')
    await expect(pool.replace(lost!)).rejects.toThrow('another model')
    expect(living(engines)).toEqual([1])
  })
})
