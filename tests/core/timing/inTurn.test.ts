import { expect, it } from 'vitest'
import { inTurn } from '../../../src/core/timing/inTurn.ts'
import { deferred, settled } from '../../fixtures/fakeWorkers.ts'

it('begins each task when the one before has ended, and gives its result', async () => {
  const line = inTurn()
  const gates = [deferred(), deferred()]
  const log: string[] = []
  const results = gates.map((gate, i) =>
    line(async () => {
      log.push(`begin ${i}`)
      await gate.promise
      log.push(`end ${i}`)
      return i
    }),
  )
  gates[1]!.resolve()
  await settled()
  expect(log).toEqual(['begin 0'])
  gates[0]!.resolve()
  expect(await Promise.all(results)).toEqual([0, 1])
  expect(log).toEqual(['begin 0', 'end 0', 'begin 1', 'end 1'])
})

it('reports a failure to the one who asked, and goes on', async () => {
  const line = inTurn()
  const failing = line(() => {
    throw new Error('no')
  })
  const next = line(() => 2)
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe(2)
})
