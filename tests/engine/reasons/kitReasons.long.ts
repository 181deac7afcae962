/**
 * The kit's models, of all formats: of every layer that is a sum of products, units are taken apart, and their terms sum to what the
 * layer computes; every layer that only moves numbers moves them as is said. The table of all files is left in
 * `node_modules/.cache/reasons-table.md`.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import type { ModelFile } from '../../../src/engine/model/formats/modelFiles.ts'
import { connect, type Remote } from '../../../src/rpc/remote.ts'
import { kitModel, kitOnnxFiles, kitText } from '../kitFiles.ts'
import type { TakeApart } from './takeApart.worker.ts'

const keras = Object.keys(
  JSON.parse((await kitText('truth/activations_golden.json')) ?? '{}') as Record<string, unknown>,
).map((path) => (/\.\w+$/.test(path.split('/').at(-1)!) ? path : `${path}/model.json`))
const manifest = await kitText('onnx/manifest.tsv')
const onnx = (manifest ?? '')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t'))
if (manifest === null) console.log('The kit is not beside the project: its models are not taken apart.')

const table = [
  '| model | sums | units | worst ÷ tolerance | units whose roundings are larger than 1e-5 | moves |',
  '| --- | --- | --- | --- | --- | --- |',
]

/** Rows and columns of the kit's input, for networks that leave them open. */
function sizeOf(input: string): readonly [number, number] | null {
  const numbers = (/\[(.*)\]/.exec(input)?.[1] ?? '').split(',').map(Number)
  const [, second, third, fourth] = numbers
  if (second === 3 || second === 1) return third && fourth ? [third, fourth] : [48, 64]
  return second && third ? [second, third] : null
}

describe.skipIf(manifest === null)('the terms of units sum to what they are', () => {
  let worker: Worker
  let remote: Remote<TakeApart>
  beforeAll(() => {
    worker = new Worker(new URL('./takeApart.worker.ts', import.meta.url), { type: 'module' })
    remote = connect<TakeApart>(worker as never).remote
  })
  afterAll(async () => {
    worker.terminate()
    await commands.writeFile('node_modules/.cache/reasons-table.md', `${table.join('\n')}\n`)
  })

  async function check(path: string, files: ModelFile[], size: readonly [number, number] | null) {
    const { sums, units, worst, where, rounded, moves, lost } = await remote.run(files, size)
    table.push(`| ${[path, sums, units, worst.toFixed(2), rounded, moves].join(' | ')} |`)
    expect(lost).toEqual([])
    expect(worst, where).toBeLessThanOrEqual(1)
    return units
  }

  it.each(keras)('%s', { timeout: 120_000 }, async (path) => {
    expect(await check(path, await kitModel(path), null)).toBeGreaterThan(0)
  })

  it.each(onnx)('%s', { timeout: 120_000 }, async (path, ...cells) => {
    const size = sizeOf(cells.find((cell) => /\[.*\]/.test(cell)) ?? '')
    await check(path!, await kitOnnxFiles(path!), size)
  })
})
