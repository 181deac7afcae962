/** What Run says and does: it continues scans, it queues, and the page around it is right about it. */
import { describe, expect, inject, it } from 'vitest'
import { fixtures, openFiles, scanEnds, usePerson } from './person.ts'

describe('Run', () => {
  const person = usePerson()

  it('says what it does, goes on after Stop, and asks before it begins anew', async () => {
    const { page } = person
    await page.goto(inject('url'))
    await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
    const layers = page.getByRole('listbox', { name: 'Layer' })
    await layers.getByRole('option', { name: 'conv_valid' }).click()
    const run = page.getByRole('button', { name: 'Run', exact: true })
    await expect.poll(() => run.innerText()).toMatch(/Run\s+conv_valid/)
    const foot = page.locator('footer')
    const height = (await foot.boundingBox())!.height

    // After a sample, Run offers to scan the rest and says how many images that is.
    await page.evaluate(() =>
      window.urpatch!.state().setSelection({ classes: null, splits: null, sample: { first: 8 } }),
    )
    await run.click()
    await scanEnds(page)
    const count = await page.evaluate(() => window.urpatch!.state().images!.table.paths.length)
    const left = (count - 8).toLocaleString('en')
    await expect.poll(() => run.innerText()).toMatch(new RegExp(`Run\\s+the rest \\(${left}\\)`))
    const row = layers.getByRole('option', { name: 'conv_valid' })
    expect(await row.innerText()).toContain(`scanned 8 of ${count}`)
    const before = await page.evaluateHandle(() => window.urpatch!.state().results.get('conv_valid'))
    await run.click()
    await page.waitForFunction((all) => {
      const { scan } = window.urpatch!.state()
      return scan.status === 'done' && scan.progress.done === all
    }, count)
    const isSame = (result: typeof before): Promise<boolean> =>
      page.evaluate((old) => window.urpatch!.state().results.get('conv_valid') === old, result)
    expect(await isSame(before)).toBe(true)
    expect(await row.innerText()).toContain(`scanned ${count} of ${count}`)

    // If nothing is left, Run says so, and no results are lost.
    await page.evaluate(() =>
      window.urpatch!.state().setSelection({ classes: null, splits: null, sample: 'all' }),
    )
    await run.click()
    await page.getByText(/there is nothing left to scan/).waitFor()
    expect(await isSame(before)).toBe(true)
    await page.getByRole('button', { name: 'More to run' }).click()
    await page.getByRole('menuitem', { name: 'Scan conv_valid again from the start' }).click()
    await page.waitForFunction((old) => {
      const { scan, results } = window.urpatch!.state()
      return scan.status === 'done' && results.get('conv_valid') !== old
    }, before)
    expect((await foot.boundingBox())!.height).toBe(height)
  })

  it('queues what is asked for while a scan runs, and the tab tells how far it is', async () => {
    const { page } = person
    await page.goto(`${inject('url')}?demo`)
    await page.waitForFunction(() => window.urpatch?.state().scan.status === 'running')
    const foot = page.locator('footer')
    const height = (await foot.boundingBox())!.height
    await page.evaluate(() => window.urpatch!.state().showLayer('conv2d_2'))
    const offer = page.getByRole('region', { name: 'Not scanned yet' })
    await offer.getByText(/conv2d_2 is not part of the scan of conv2d_/).waitFor()
    await offer.getByRole('button', { name: 'Queue conv2d_2' }).click()
    await offer.getByText(/conv2d_2 is queued/).waitFor()
    expect(await page.evaluate(() => window.urpatch!.state().scan.status)).toBe('running')
    await foot.getByText('then conv2d_2').waitFor()
    expect((await foot.boundingBox())!.height).toBe(height)
    await expect.poll(() => page.title()).toMatch(/^\d+ % · conv2d_2 · .+ – Urpatch$/)
    await foot.getByRole('button', { name: 'Take conv2d_2 out of the queue' }).click()
    await offer.getByRole('button', { name: 'Queue conv2d_2' }).click()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText(/conv2d_2 waited in the queue, and is not scanned either/).waitFor()
    expect(await page.evaluate(() => window.urpatch!.state().queue)).toEqual([])
    await expect.poll(() => page.title()).toMatch(/^conv2d_2 · .+ – Urpatch$/)
  })
})
