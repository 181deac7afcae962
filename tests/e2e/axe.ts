/** Looks for violations of accessibility rules in what is on the screen. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright'
import { expect } from 'vitest'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Axe {
  run(
    context: object,
    options: object,
  ): Promise<{
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[]
  }>
}

/** The violations in words, each once. */
async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source)
  return page.evaluate(async () => {
    const options = {
      resultTypes: ['violations'],
      // This rule is experimental, but right: users of voice control say the words that they see.
      rules: { 'label-content-name-mismatch': { enabled: true } },
    }
    const { violations: found } = await (window as unknown as { axe: Axe }).axe.run(
      // The tooltip of what the pointer happens to rest on belongs to no landmark of the page.
      { include: document, exclude: ['.tooltip'] },
      options,
    )
    return found.map(
      ({ id, nodes }) =>
        `${id} (${nodes.length}): ${nodes
          .slice(0, 3)
          .map(
            ({ html, failureSummary }) =>
              `${html.slice(0, 160)} [${failureSummary.replaceAll(/\s+/g, ' ').slice(0, 160)}]`,
          )
          .join(' | ')}`,
    )
  })
}

/** Expects none, in both themes; `state` says what is on the screen. */
export async function checkWithAxe(page: Page, state: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    expect.soft(await violations(page), `${state}, ${colorScheme}`).toEqual([])
  }
}
