/** @file The facts that the list of layers shows about the layers of a results file, as far as the file has them. */
import type { OpenResults } from '../../state/results/openResults.ts'
import { formatExtent, formatShape, formatSquare } from '../common/format.ts'
import type { LayerFacts } from '../model/layerFacts.ts'

export function recordedFacts(recorded: OpenResults | null): readonly LayerFacts[] {
  if (!recorded) return []
  return recorded.layers.map(({ name, shape, scanned }, index): LayerFacts => {
    const field = recorded.fields.get(name)
    return {
      index,
      name,
      className: '',
      shape: formatShape(shape),
      kernel: '',
      stride: '',
      padding: '',
      parameters: 0,
      field: field ? (field.whole ? 'whole image' : formatExtent(field.size)) : '?',
      fieldStride: '',
      shortField: field ? (field.whole ? 'whole image' : formatSquare(field.size)) : '?',
      note: '',
      notScannable: null,
      images: `${scanned.toLocaleString('en')} images`,
    }
  })
}
