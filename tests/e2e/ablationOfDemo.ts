/** The demo without one of its channels: what Keras answers with changed weights (`tests/make/make_ablation.py`). */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright'
import { expect } from 'vitest'
import { fixtures, scanFewOfDemo } from './person.ts'

interface Case {
  readonly channel: number
  readonly replacement: 'mean' | number
  readonly value: number
  readonly images: number
  /** For all images by path, or for those of the sample in its order. */
  readonly answers: string
  /** For the images of `first`. */
  readonly outputs: readonly (readonly number[])[]
}

interface Truth {
  readonly layer: string
  /** The first images of the sample. */
  readonly first: readonly string[]
  /** The answers for all images by path, one digit each, to base 36. */
  readonly answers: string
  readonly cases: readonly Case[]
}

const truth = JSON.parse(readFileSync(`${fixtures}ablation/demo.json`, 'utf8')) as Truth

/** Those that Keras has for all images, and those that it has for a sample of them. */
const isWhole = ({ images }: Case): boolean => images === truth.answers.length
export const wholeCases = truth.cases.filter(isWhole)
export const sampledCases = truth.cases.filter((one) => !isWhole(one))

/** Over how many images the section asks. */
export const fewImages = 60

export async function openDemo(page: Page, url: string): Promise<void> {
  await page.addInitScript((images) => {
    localStorage.setItem('urpatch-tour', 'seen')
    localStorage.setItem('urpatch-ablation-images', String(images))
  }, fewImages)
  await page.goto(`${url}?demo`)
  await scanFewOfDemo(page)
}

const answerOf = (row: readonly number[]): number => row.indexOf(Math.max(...row))

/** A case over so many images, at most its own; fewer are the first ones of the sample. */
export async function compareWithKeras(page: Page, one: Case, images: number): Promise<void> {
  const { channel, replacement, value, answers, outputs } = one
  const found = await page.evaluate(async (request) => window.urpatch!.ablate(request), {
    layer: truth.layer,
    channel,
    replacement,
    images,
  })
  const what = `channel ${channel}, ${replacement}`
  expect([found.images, found.outputs.length], what).toEqual([images, images])
  if (replacement === 'mean') expect(Math.abs(found.mean! - value), what).toBeLessThan(1e-5 * Math.abs(value))
  expect(found.outputs.slice(0, truth.first.length).map(({ image }) => image)).toEqual(truth.first)

  const paths = await page.evaluate(() => window.urpatch!.state().images!.table.paths.toSorted())
  expect(paths.length).toBe(truth.answers.length)
  const byPath = new Map(paths.map((path, i) => [path, i]))
  const digits = (rows: readonly (readonly number[])[]): string =>
    rows.map((row) => answerOf(row).toString(36)).join('')
  const wanted = (all: string): string => found.outputs.map(({ image }) => all[byPath.get(image)!]).join('')
  const before = digits(found.outputs.map((output) => output.before))
  const after = digits(found.outputs.map((output) => output.after))
  expect(before, what).toBe(wanted(truth.answers))
  expect(after, what).toBe(isWhole(one) ? wanted(answers) : answers.slice(0, images))
  if (isWhole(one)) expect(after, what).not.toBe(before)
  for (const [i, row] of outputs.entries())
    for (const [c, number] of row.entries())
      expect(Math.abs(found.outputs[i]!.after[c]! - number), `${what}, image ${i}`).toBeLessThan(2e-5)

  // Classes are named by folders, and outputs stand for them in alphabetical order.
  const classes = [...new Set(paths.map((path) => path.split('/')[0]))]
  const right = found.outputs.filter((output) =>
    output.image.startsWith(`${classes[answerOf(output.before)]}/`),
  )
  expect([found.yardstick, found.judged, found.before]).toEqual(['right', images, right.length])
}
