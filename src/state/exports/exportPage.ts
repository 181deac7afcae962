/** @file All scanned layers as one page of HTML. */
import { recordedOf } from '../selectors/shown.ts'
import type { Exporter } from './exporter.ts'

export const pageExporter: Exporter = {
  id: 'page',
  label: 'Page (HTML)',
  ending: '.html',
  isWhole: true,
  applies: (state) => state.results.size > 0 || recordedOf(state) !== null,
  async make(state, services, options) {
    const { pageFile } = await import('./pageFile.ts')
    return [await pageFile(state, services, options)]
  },
}
