/** The kit's damaged HDF5 files: one sentence each, within seconds, and the page goes on. */
import { existsSync, readdirSync } from 'node:fs'
import { describe, expect, inject, it } from 'vitest'
import { kit, usePerson } from './person.ts'

const folder = `${kit}broken-models/`
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.h5')) : []
if (files.length === 0) console.log(`The kit is not at ${kit}: its broken models are not tried.`)

/** All weights are zero, which is a valid model; its channels are constant, and said to be dead. */
const valid = new Set(['all-zero-weights.h5'])

describe.skipIf(files.length === 0)('the kit’s broken models', () => {
  const person = usePerson()

  it.each(files.filter((name) => !valid.has(name)))('%s is refused by name', async (name) => {
    const { page } = person
    await page.goto(inject('url'))
    await page.getByLabel('Model file').setInputFiles(folder + name)
    const notice = page.locator('.notice')
    await notice.waitFor({ timeout: 5000 })
    expect(await notice.innerText()).toContain(name)
    expect(await page.evaluate(() => window.urpatch!.state().model)).toBeNull()
  })
})
