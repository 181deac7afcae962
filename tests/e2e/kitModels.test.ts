/** The kit's real Keras files: every layer that can be scanned computes what the reference computed. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, inject, it } from 'vitest'
import { kit, usePerson } from './person.ts'

interface GoldenLayer {
  /** Of a map. */
  readonly max?: readonly number[]
  readonly argmax_flat?: readonly number[]
  /** Of a vector. */
  readonly values?: readonly number[]
}
type Golden = Readonly<
  Record<
    string,
    { readonly input: readonly number[]; readonly layers: Readonly<Record<string, GoldenLayer>> }
  >
>

const file = `${kit}truth/activations_golden.json`
const golden: Golden = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Golden) : {}
const models = Object.keys(golden).filter(
  (name) => /\.(h5|hdf5)$/.test(name) && [1, 3].includes(golden[name]!.input[2]!),
)
if (models.length === 0) console.log(`The kit is not at ${kit}: its models are not tried.`)

const tolerance = 1e-4

describe.skipIf(models.length === 0)('the kit’s Keras HDF5 files', () => {
  const person = usePerson()

  it.each(models)('%s', async (name) => {
    const { page } = person
    await page.goto(inject('url'))
    await page.getByLabel('Model file').setInputFiles(`${kit}models/${name}`)
    await page.waitForFunction(() => window.urpatch?.state().model)
    const found = await page.evaluate(async ([height, width, channels]) => {
      const canvas = new OffscreenCanvas(width!, height!)
      const context = canvas.getContext('2d')!
      const picture = context.createImageData(width!, height!)
      for (let h = 0; h < height!; h++)
        for (let w = 0; w < width!; w++)
          for (let c = 0; c < 4; c++) {
            const channel = channels === 1 ? 0 : c
            const value = (37 * h + 61 * w + 97 * channel + 11 * ((h * w) % 53)) % 256
            picture.data[(h * width! + w) * 4 + c] = c === 3 ? 255 : value
          }
      context.putImageData(picture, 0, 0)
      const { openImages } = window.urpatch!.state()
      await openImages('golden', [{ path: 'golden.png', handle: await canvas.convertToBlob() }])
      await window.urpatch!.scan('all')
      return [...window.urpatch!.state().results].map(([layer, { topK }]) => ({
        layer,
        top: Array.from({ length: topK.channels }, (_, c) => topK.entries(c)[0]!),
      }))
    }, golden[name]!.input)

    expect(found.length).toBeGreaterThan(0)
    let compared = 0
    let apart = 0
    for (const { layer, top } of found) {
      const want = golden[name]!.layers[layer]
      if (!want) continue
      compared++
      const max = want.max ?? want.values!
      const scale = Math.max(...max.map(Math.abs)) || 1
      for (const [c, { activation, position }] of top.entries()) {
        expect(Math.abs(activation - max[c]!) / scale, `${layer} channel ${c}`).toBeLessThan(tolerance)
        if (want.argmax_flat && position !== want.argmax_flat[c]) apart++
      }
    }
    expect(compared).toBeGreaterThan(2)
    // Positions may differ inside a tie only, and ties are rare.
    const channels = found.reduce((sum, { top }) => sum + top.length, 0)
    expect(apart / channels).toBeLessThan(0.02)
  })
})
