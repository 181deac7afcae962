/** The exercise's images are sorted by class; a scan that is stopped early must be fair to all classes all the same. */
import { existsSync } from 'node:fs'
import { describe, expect, inject, it } from 'vitest'
import { kit, scanReaches, usePerson } from './person.ts'

const seed = `${kit}seed/`
const hasKit = existsSync(seed)
if (!hasKit) console.log(`The kit is not at ${kit}: a scan of the exercise's images is not stopped early.`)

/** Channels whose sixteen best patches are of one class even after all images. */
const ofOneClass = [36]

describe.skipIf(!hasKit)('the exercise, stopped after 272 images', () => {
  const person = usePerson()

  it('has no tile of one class only but where the whole has one', async () => {
    const { page } = person
    await page.goto(inject('url'))
    await page.getByLabel('Model file').setInputFiles(`${seed}animals_and_plants.h5`)
    await page.getByLabel('Image folder').setInputFiles(`${seed}cats-dogs-plants`)
    await page.getByRole('option', { name: /^conv2d_5\b/ }).click()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await scanReaches(page, 272)
    await page.getByRole('button', { name: 'Pause' }).click()
    const found = await page.evaluate(() => {
      const { results, images } = window.urpatch!.state()
      const { classOf, classNames } = images!.table
      const result = results.get('conv2d_5')!
      const classesOf = (channel: number): string[] => [
        ...new Set(result.top(channel, 16).map(({ image }) => classNames[classOf[image]!]!)),
      ]
      const channels = Array.from(result.versions.keys())
      return {
        single: channels.filter((channel) => classesOf(channel).length === 1),
        all: new Set(channels.flatMap(classesOf)).size,
      }
    })
    expect(found.single.filter((channel) => !ofOneClass.includes(channel))).toEqual([])
    expect(found.all).toBe(12)
  })
})
