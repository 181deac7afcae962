/**
 * The deletion test of attributions on the kit's exercise: the mean over 200 of the patches that excite channels most. The table is left
 * in `node_modules/.cache/attribution.md`.
 */
import { afterAll, describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import { connect } from '../../../src/rpc/remote.ts'
import { kitFile, kitText } from '../kitFiles.ts'
import type { DeletionTrial } from './deletionTrial.worker.ts'

const top = await kitText('seed/author_patches.tsv')
if (top === null) console.log('The kit is not beside the project: attributions are not compared.')

const chosen = 'integrated gradients, smoothed'

describe.skipIf(top === null)('the attribution that the app shows', () => {
  const table = ['| layer | order of pixels | deletion | insertion | ms |', '|---|---|---|---|---|']

  it.each(['conv2d_5', 'conv2d_8'])('knows more than others in %s', { timeout: 1_800_000 }, async (layer) => {
    const rows = top!.trim().split('\n').slice(1)
    const paths = [...new Set(rows.map((row) => row.split('\t')[3]!))]
    const images: File[] = []
    for (const path of paths) images.push((await kitFile(`seed/cats-dogs-plants/${path}`)).file)
    const worker = new Worker(new URL('deletionTrial.worker.ts', import.meta.url), { type: 'module' })
    const { remote } = connect<DeletionTrial>(worker as never)
    const network = [await kitFile('seed/animals_and_plants.h5')]
    const found = await remote.run(network, images, layer, 200)
    worker.terminate()
    for (const { method, deletion, insertion, ms } of found)
      table.push(
        `| ${layer} | ${method} | ${deletion.toFixed(3)} | ${insertion.toFixed(3)} | ${ms.toFixed(1)} |`,
      )
    const deletionOf = (name: string): number => found.find(({ method }) => method === name)!.deletion
    expect(found[0]!.patches).toBeGreaterThan(150)
    for (const { method, deletion } of found)
      if (method !== chosen) expect(deletionOf(chosen), method).toBeLessThan(deletion)
  })

  afterAll(() => commands.writeFile('node_modules/.cache/attribution.md', `${table.join('\n')}\n`))
})
