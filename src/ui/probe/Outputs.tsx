/** @file The network's answer to the picture: its largest outputs, with names where they are known. */
import { endsInSoftmax, topOutputs } from '../../core/model/outputs.ts'
import { outputsOf } from '../../state/selectors/probing.ts'
import { formatActivation } from '../common/format.ts'
import { useApp } from '../useApp.ts'
import { useLookedAt } from './probingContext.ts'
import { useClasses } from './useClasses.ts'

const mostOutputs = 5

/** `image`: the number of the picture in the set; null if it is of none. */
export function Outputs({ image }: { image: number | null }) {
  const { seen } = useLookedAt()
  const layer = useApp(outputsOf)
  const network = useApp((state) => state.model!.network)
  const classes = useClasses()
  const table = useApp((state) => state.images!.table)
  const values = layer === null ? undefined : seen.maxima.get(layer)
  if (!values) return null
  const top = topOutputs(values, mostOutputs)
  const isShare = endsInSoftmax(network)
  const wanted = image === null ? -1 : (classes?.outputOf[table.classOf[image]!] ?? -1)
  const largest = Math.max(0, top[0]?.value ?? 0)
  const width = (value: number): number =>
    isShare ? value : largest > 0 && largest < Infinity ? Math.max(0, value) / largest : 0
  return (
    <section className="probe-outputs" aria-label="Outputs">
      <h3>
        Outputs <span className="muted">{isShare ? 'of a softmax' : 'as the last layer gives them'}</span>
        {wanted >= 0 && top[0] && (
          <span className="probe-verdict" data-right={top[0].index === wanted || undefined}>
            {top[0].index === wanted ? '✓ right' : '✗ wrong'}
          </span>
        )}
      </h3>
      <ol>
        {top.map(({ index, value }) => (
          <li key={index} data-wanted={index === wanted || undefined}>
            <span className="probe-output-name">{classes?.names[index] ?? `output ${index}`}</span>
            <span className="probe-output-bar" aria-hidden>
              <span style={{ width: `${100 * width(value)}%` }} />
            </span>
            <span>{isShare ? percent(value) : formatActivation(value)}</span>
          </li>
        ))}
      </ol>
      {classes?.supposed && <p className="muted">Names are a guess: {classes.assumption}.</p>}
    </section>
  )
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
