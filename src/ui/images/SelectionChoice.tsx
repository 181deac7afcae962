/** @file Chooses which images of the chosen classes are scanned: splits, and a sample. */
import { type Sample, selectImages } from '../../core/images/selection.ts'
import { Choice } from '../common/Choice.tsx'
import { CountField } from '../common/CountField.tsx'
import { ManyChoice } from '../common/ManyChoice.tsx'
import { useApp } from '../useApp.ts'

/** The suggested size of a sample. Scanning it takes a few seconds on most machines. */
const fewImages = 500

export function SelectionChoice() {
  const table = useApp((state) => state.images!.table)
  const selection = useApp((state) => state.selection)
  const setSelection = useApp((state) => state.setSelection)
  const { splits, sample } = selection
  const { splits: splitNames } = table
  const chosen = selectImages(table, selection).length
  return (
    <section>
      <div className="row">
        {splitNames.length > 1 && (
          <ManyChoice
            label="Splits"
            all={`All ${splitNames.length}`}
            names={splitNames}
            value={splits}
            onChange={(names) => setSelection({ ...selection, splits: names })}
          />
        )}
        <Choice
          label="Sample"
          showLabel
          value={kindOf(sample)}
          options={[
            { id: 'all', text: 'All of them' },
            { id: 'first', text: 'The first' },
            { id: 'random', text: 'Random' },
          ]}
          onChange={(kind) => setSelection({ ...selection, sample: sampleOf(kind, countOf(sample)) })}
        />
        {sample !== 'all' && (
          <CountField
            label="Images"
            value={countOf(sample)}
            min={1}
            max={table.order.length}
            onChange={(count) =>
              setSelection({
                ...selection,
                sample: 'first' in sample ? { first: count } : { ...sample, random: count },
              })
            }
          />
        )}
        {sample !== 'all' && 'random' in sample && (
          <CountField
            label="Seed"
            value={sample.seed}
            min={0}
            onChange={(seed) => setSelection({ ...selection, sample: { ...sample, seed } })}
          />
        )}
      </div>
      <p className="muted">
        {chosen.toLocaleString('en')} of {table.order.length.toLocaleString('en')} images will be scanned
        {sample === 'all' ? '.' : '; the rest can be scanned later and adds to the results.'}
      </p>
    </section>
  )
}

type SampleKind = 'all' | 'first' | 'random'

function kindOf(sample: Sample): SampleKind {
  if (sample === 'all') return 'all'
  return 'first' in sample ? 'first' : 'random'
}

function countOf(sample: Sample): number {
  if (sample === 'all') return fewImages
  return 'first' in sample ? sample.first : sample.random
}

function sampleOf(kind: SampleKind, count: number): Sample {
  if (kind === 'all') return 'all'
  return kind === 'first' ? { first: count } : { random: count, seed: 1 }
}
