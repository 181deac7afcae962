/** A click on something in a channel's panel opens what it stands for. */
import { describe, expect, inject, it } from 'vitest'
import { fixtures, openFiles, scanEnds, usePerson } from './person.ts'

const url = inject('url')

describe('the pictures of a channel', () => {
  const person = usePerson()

  it('open their images: patches, bars, classes and the image itself', async () => {
    const { page } = person
    await page.goto(url)
    await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
    await page.evaluate(async () => {
      window.urpatch!.state().showLayer('conv_valid')
      await window.urpatch!.scan(['conv_valid'])
    })
    await scanEnds(page)
    await page.getByRole('row', { name: 'Channel 1', exact: true }).click()
    const region = page.getByRole('region', { name: 'Channel details' })
    const path = region.locator('.path')

    // First a patch of the lowest tenth.
    const sample = region.getByRole('group', { name: /^Two patches from each tenth/ })
    const lowest = sample.getByRole('button').first()
    const name = (await lowest.getAttribute('aria-label'))!
    await lowest.click()
    expect(name).toContain(await path.innerText())
    await expect.poll(() => lowest.getAttribute('aria-pressed')).toBe('true')

    // The patches are one stop for Tab, and arrow keys lead from one to the other.
    const patches = region.getByRole('group', { name: 'Patches', exact: true })
    expect(await patches.locator('button[tabindex="0"]').count()).toBe(1)
    await patches.getByRole('button', { name: /^Patch 1:/ }).click()
    await page.keyboard.press('ArrowRight')
    const second = patches.getByRole('button', { name: /^Patch 2:/ })
    expect(await second.evaluate((element) => element === document.activeElement)).toBe(true)
    expect(await second.getAttribute('aria-pressed')).toBe('true')
    expect(await page.evaluate(() => window.urpatch!.state().channel)).toBe(1)

    // Then a class and a bar.
    const row = region.getByRole('button', { name: 'green', exact: true })
    await row.click()
    await region.getByRole('group', { name: 'Images of green', exact: true }).waitFor()
    const paths = await page.evaluate(() => window.urpatch!.state().images!.table.paths)
    const green = region.getByRole('group', { name: 'Patches of images of green, highest first' })
    const names = await green
      .getByRole('button')
      .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')!))
    expect(names.length).toBeGreaterThan(0)
    expect(names.every((label) => paths.some((one) => one.startsWith('green/') && label.includes(one)))).toBe(
      true,
    )
    await region.getByRole('slider', { name: 'Strength' }).press('End')
    await region.getByRole('group', { name: /^Images from/ }).waitFor()

    // Then the enlarged image; Esc leads back to where it was opened.
    const enlarge = region.getByRole('button', { name: 'Enlarge the image' })
    await enlarge.click()
    const dialog = page.getByRole('dialog', { name: await path.innerText() })
    await dialog.getByRole('img', { name: 'The patch in its image' }).waitFor()
    const width = async (): Promise<number> => (await dialog.locator('.image-sheet').boundingBox())!.width
    const before = await width()
    // Pictures of 24 pixels are already drawn as large as allowed; a smaller window leaves room to zoom.
    await page.setViewportSize({ width: 1300, height: 380 })
    await expect.poll(width).toBeLessThan(before)
    const small = await width()
    await page.keyboard.press('+')
    await expect.poll(width).toBeGreaterThan(small)
    await dialog.getByRole('button', { name: 'Fit into the window' }).click()
    await expect.poll(width).toBe(small)
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(() => enlarge.evaluate((element) => element === document.activeElement)).toBe(true)
    await region.getByRole('heading', { name: 'Channel 1' }).waitFor()
  })

  it('are found by Go to, by class and in either order, and all of it is in the link', async () => {
    const { page } = person
    await page.goto(url)
    await openFiles(page, `${fixtures}sequential.h5`, `${fixtures}images`)
    await page.evaluate(async () => {
      window.urpatch!.state().showLayer('conv_valid')
      await window.urpatch!.scan(['conv_valid'])
    })
    await page.keyboard.press('/')
    await page.keyboard.type('conv_valid 6')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Channel 6' }).waitFor()

    const rows = page.getByRole('grid', { name: 'Channels' }).getByRole('row')
    await page.getByRole('button', { name: 'Reverse the order' }).click()
    expect(await rows.first().getAttribute('aria-label')).toBe('Channel 7')
    const all = await page.evaluate(() => {
      const { results, images } = window.urpatch!.state()
      return { channels: results.get('conv_valid')!.channels, classes: images!.table.classNames }
    })
    await page.getByRole('button', { name: 'Filter' }).click()
    const filter = page.getByRole('group', { name: 'Filter' })
    await filter.getByRole('button', { name: /Best class/ }).click()
    await page.getByRole('option', { name: all.classes[0]!, exact: true }).click()
    const hidden = all.channels - (await page.getByRole('row', { name: /^Channel/ }).count())
    expect(hidden).toBeGreaterThan(0)
    await filter.getByText(`${hidden} channels are hidden.`).waitFor()
    expect(new URL(page.url()).hash).toContain(`order=reversed&best=${all.classes[0]}`)
    await filter.getByRole('button', { name: 'Show all' }).click()
    expect(await page.getByRole('row', { name: /^Channel/ }).count()).toBe(all.channels)
  })
})
