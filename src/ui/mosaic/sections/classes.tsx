/**
 * @file The classes that excite a channel most on the whole, and their share of its top patches. A class shows those of its
 * images that are known, and the others stand back.
 */
import { useState } from 'react'
import { Button } from 'react-aria-components'
import { classColor } from '../../../core/mosaic/classColors.ts'
import { topOfClasses } from '../../../core/scan/classShares.ts'
import { whyNoClasses } from '../../../core/scan/classMeans.ts'
import { classMeans } from '../../../core/scan/statistics/classMeans.ts'
import type { ReadableResult } from '../../../core/scan/statistics/statistic.ts'
import { tableOf } from '../../../state/selectors/shown.ts'
import { formatActivation } from '../../common/format.ts'
import { amongOf } from '../../../state/selectors/view.ts'
import { usePanelWidth } from '../../common/useScreen.ts'
import { useNames } from '../../results/useNames.ts'
import { useApp } from '../../useApp.ts'
import { KnownPatches } from '../KnownPatches.tsx'

/** Shown before all are asked for. */
const fewClasses = 12

interface Props {
  layer: string
  result: ReadableResult
  channel: number
}

export function ChannelStatisticsClasses({ layer, result, channel }: Props) {
  const width = usePanelWidth()
  const [all, setAll] = useState(false)
  const among = useApp(amongOf)
  const showAmong = useApp((state) => state.showAmong)
  const { classNames, classOf } = useApp(tableOf)!
  const { classNameOf } = useNames()
  const k = useApp((state) => state.k)
  if (classNames.length < 2) return null
  const known = result.of(classMeans, channel)
  if (!known) return <p className="muted">{whyNoClasses(result.channels, classNames.length)}</p>
  const means = known.toSorted((a, b) => b.mean - a.mean)
  if (means.length === 0) return null
  const counts = topOfClasses(result, channel, k, classOf)
  const of = result.top(channel, k).length
  const low = Math.min(0, means.at(-1)!.mean)
  const range = Math.max(0, means[0]!.mean) - low
  const asked =
    among?.kind === 'class' ? means.find(({ classNumber }) => classNumber === among.classNumber) : null
  return (
    <div className="statistics-part">
      <h3>
        For which classes <span className="muted">mean, and of the top</span>
      </h3>
      <div className="statistics-scroll">
        <table className="statistics-classes">
          <colgroup>
            <col className="statistics-names" />
            <col />
            <col className="statistics-tops" />
          </colgroup>
          <thead className="visually-hidden">
            <tr>
              <th>Class</th>
              <th>Mean of the maxima</th>
              <th>Of the top patches</th>
            </tr>
          </thead>
          <tbody>
            {means.slice(0, all ? undefined : fewClasses).map(({ classNumber, mean, images }) => (
              <tr
                key={classNumber}
                title={`${classNameOf(classNumber)}: ${images.toLocaleString('en')} images`}
              >
                <th scope="row">
                  <button
                    type="button"
                    className="statistics-class"
                    aria-pressed={asked?.classNumber === classNumber}
                    onClick={() =>
                      showAmong(asked?.classNumber === classNumber ? null : { kind: 'class', classNumber })
                    }
                  >
                    <span
                      className="statistics-swatch"
                      aria-hidden
                      style={{ background: classColor(classNumber) }}
                    />
                    {classNameOf(classNumber)}
                  </button>
                </th>
                <td>
                  <div
                    className="statistics-bar"
                    style={{ width: `${range > 0 ? ((mean - low) / range) * 100 : 0}%` }}
                  />
                  <span>{formatActivation(mean)}</span>
                </td>
                <td>
                  {counts.get(classNumber) ?? 0} of {of}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {means.length > fewClasses && (
        <Button className="button quiet statistics-all" onPress={() => setAll(!all)}>
          {all ? `The first ${fewClasses} only` : `All ${means.length.toLocaleString('en')} classes`}
        </Button>
      )}
      {among?.kind === 'class' && asked && (
        <KnownPatches
          layer={layer}
          result={result}
          channel={channel}
          filter={among}
          what={`of ${classNameOf(asked.classNumber)}`}
          count={asked.images}
          width={width}
        />
      )}
    </div>
  )
}
