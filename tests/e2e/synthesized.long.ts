/** Pictures that are made for a channel, in the production build. */
import { expect, inject, it } from 'vitest'
import { checkWithAxe } from './axe.ts'
import { scanFewOfDemo, usePerson } from './person.ts'

const url = inject('url')
const person = usePerson()

async function openChannel(): Promise<void> {
  const { page } = person
  await page.addInitScript(() => localStorage.setItem('urpatch-tour', 'seen'))
  await page.goto(`${url}?demo`)
  await scanFewOfDemo(page)
  await page.evaluate(() => {
    const { showLayer, showChannel } = window.urpatch!.state()
    showLayer('conv2d_5')
    showChannel(16)
  })
}

it('stand beside the patch with what they reach, four different ones on demand, and are saved as they are', async () => {
  await openChannel()
  const { page } = person
  const fold = page.getByRole('button', { name: 'Synthesized picture' })
  await fold.click()
  const section = page.getByRole('region', { name: 'Synthesized picture' })
  await section.getByRole('img', { name: 'From nothing' }).waitFor()
  await section.getByText('Reaches').waitFor()
  const asked = await page.evaluate(() => window.urpatch!.synthesize('conv2d_5', 16))
  expect(asked.reached.value).toBeGreaterThan(asked.best!)
  expect(asked.before!.value).toBeCloseTo(asked.best!, 4)
  await expect.poll(() => section.innerText()).toContain(`${asked.reached.value.toPrecision(4)}`)
  await checkWithAxe(page, 'a synthesized picture')

  // On a telephone the buttons below a picture stand beside nothing, however long its number is.
  await page.setViewportSize({ width: 390, height: 844 })
  await section.locator('[data-finished]').first().scrollIntoViewIfNeeded()
  for (const figure of await section.locator('[data-finished]').all()) {
    const [whole, title, number, tools] = await Promise.all(
      ['figcaption', '.made-title', '.made-line b', '.picture-tools'].map(
        async (part) => (await figure.locator(part).boundingBox())!,
      ),
    )
    expect(number!.y).toBeGreaterThanOrEqual(title!.y + title!.height - 1)
    expect(tools!.y).toBeGreaterThanOrEqual(number!.y + number!.height - 1)
    expect(tools!.y + tools!.height).toBeLessThanOrEqual(whole!.y + whole!.height + 1)
  }
  await page.setViewportSize({ width: 1440, height: 900 })

  await section.getByRole('button', { name: 'Four different ones' }).click()
  await section.getByText(/^The four from nothing go together by 0\.\d\d/).waitFor()
  expect(await section.getByRole('img', { name: /^From nothing, \d$/ }).count()).toBe(4)

  // The saved picture, opened as an image, is what the page has told of it.
  const download = page.waitForEvent('download')
  await section.getByRole('button', { name: 'Save: Accentuated' }).click()
  const saved = await download
  expect(saved.suggestedFilename()).toBe('conv2d_5-channel-16-accentuated.png')
  const stream = await saved.createReadStream()
  const bytes: number[] = []
  for await (const chunk of stream) bytes.push(...(chunk as Buffer))
  const pixels = await page.evaluate(async (file) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(file)]))
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!
    context.drawImage(bitmap, 0, 0)
    return [...context.getImageData(0, 0, bitmap.width, bitmap.height).data]
  }, bytes)
  expect(pixels).toEqual(asked.data)

  // For the whole image there are other numbers.
  await section.getByRole('button', { name: 'A unit Made for' }).click()
  await page.getByRole('option', { name: 'The whole image', exact: true }).click()
  await section.getByText('The mean of the map reaches').waitFor()
  await checkWithAxe(page, 'synthesized pictures of whole images')
})

it('come over the tiles of the grid by a switch, and go again', async () => {
  await openChannel()
  const { page } = person
  const made = page.locator('.synthesized-tile')
  expect(await made.count()).toBe(0)
  const toggle = page.getByRole('button', { name: 'Synthesized', exact: true })
  await toggle.click()
  await made.nth(2).waitFor({ timeout: 30_000 })
  await checkWithAxe(page, 'synthesized tiles')
  const state = await page.evaluate(() => window.urpatch!.state().picturesMade)
  expect(state).toBeGreaterThan(2)
  await toggle.click()
  await expect.poll(() => made.count()).toBe(0)
})

it('are of the same bits on each visit, also beside a scan', async () => {
  await openChannel()
  const { page } = person
  const made = () =>
    page.evaluate(async () => {
      const wish = { layer: 'conv2d_5', channel: 3, patch: { image: 5, unit: [10, 12] } as const }
      const { makePicture } = window.urpatch!.state()
      const { signal } = new AbortController()
      const found = await makePicture({ ...wish, way: 'nothing', whole: false, nth: 0 }, signal)
      return [...found!.picture.data, found!.outcome!.made.value]
    })
  const first = await made()
  await page.reload()
  await page.waitForFunction(() => {
    const { model, images } = window.urpatch?.state() ?? {}
    return model && images
  })
  const scan = page.evaluate(() => window.urpatch!.state().runAnew(['conv2d_4']))
  expect(await made()).toEqual(first)
  await page.evaluate(() => window.urpatch!.state().stop())
  await scan
})
