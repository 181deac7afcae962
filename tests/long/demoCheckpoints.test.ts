/** The demo's network before and after its training, side by side in the production build: changes equal those of Keras and NumPy. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { dropFiles, usePerson } from '../e2e/person.ts'

interface Expected {
  readonly layer: string
  readonly images: number
  readonly top: number
  /** By channel; null if it is dead before or after. */
  readonly correlations: readonly (number | null)[]
  /** How many of the strongest pictures are the same. */
  readonly shared: readonly number[]
}

const demo = new URL('../../public/demo/', import.meta.url).pathname
const script = new URL('demo_checkpoints.py', import.meta.url).pathname
const python = process.env['URPATCH_PYTHON']
let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'urpatch-checkpoints-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('two checkpoints of the demo', () => {
  const person = usePerson()

  it.skipIf(!python)('have changed as Keras says', async () => {
    const made = spawnSync(python!, [script, folder], { encoding: 'utf8' })
    expect(made.status, made.stderr).toBe(0)
    const expected = JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')) as Expected

    const { page } = person
    await page.goto(inject('url'))
    await page.getByText('Nothing leaves your computer').waitFor()
    const models = ['epoch-9.h5', 'epoch-0.h5'].map((name) => path.join(folder, name))
    await dropFiles(page, [...models, `${demo}images.zip`])
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor({ timeout: 60_000 })
    const compared = await page.evaluate(async (layer) => {
      const { state, scanModels, compare } = window.urpatch!
      state().setSelection({ classes: null, splits: ['test'], sample: 'all' })
      state().showLayer(layer)
      await scanModels()
      return compare(layer, { order: 'number' })
    }, expected.layer)

    expect(compared.map(({ before, after }) => [before, after])).toEqual(
      expected.correlations.map((_, channel) => [channel, channel]),
    )
    const wanted = expected.correlations
    expect(compared.map(({ correlation }) => correlation === null)).toEqual(wanted.map((r) => r === null))
    const errors = compared.map(({ correlation }, c) => Math.abs((correlation ?? 0) - (wanted[c] ?? 0)))
    expect(Math.max(...errors)).toBeLessThan(1e-6)
    const alive = compared.filter((_, channel) => wanted[channel] !== null)
    expect(alive.length).toBeGreaterThan(32)
    for (const { before, shared, of } of alive)
      expect([shared, of], `channel ${before}`).toEqual([expected.shared[before!], expected.top])
  })
})
