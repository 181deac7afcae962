/**
 * @file The classes that excite a channel most on the whole, and their share of its top patches. A class shows those of its
 * images that are known, and the others stand back.
 */
import { useState } from 'react'
import { Button } from 'react-aria-components'
import { classColor } from '../../../core/mosaic/classColors.ts'
import { topOfClasses } from '../../../core/scan/classShares.ts'
import { type ClassMean, whyNoClasses } from '../../../core/scan/classMeans.ts'
import { classMeans } from '../../../core/scan/statistics/classMeans.ts'
import { inSentence } from '../../../core/shownText.ts'
import { formatActivation } from '../../common/format.ts'
import { amongOf } from '../../../state/selectors/view.ts'
import { usePanelWidth } from '../../common/useScreen.ts'
import { useNames } from '../../results/useNames.ts'
import { useApp } from '../../useApp.ts'
import { KnownPatches } from '../KnownPatches.tsx'
import type { KnownChannel, LateSection } from './section.ts'

/** How many are shown before all are asked for: in the panel, so that the next sections are on the screen, and on the full page. */
const firstClasses = { panel: 6, full: 60 } as const

/** The highest first; at least one. */
type Means = readonly ClassMean[]

function Classes({
  layer,
  result,
  channel,
  table: { classOf },
  found: means,
}: KnownChannel & { found: Means }) {
  const width = usePanelWidth()
  const [all, setAll] = useState(false)
  const first = firstClasses[useApp((state) => (state.full ? 'full' : 'panel'))]
  const among = useApp(amongOf)
  const showAmong = useApp((state) => state.showAmong)
  const { classNameOf } = useNames()
  const k = useApp((state) => state.k)
  const counts = topOfClasses(result, channel, k, classOf)
  const of = result.top(channel, k).length
  const low = Math.min(0, means.at(-1)!.mean)
  const range = Math.max(0, means[0]!.mean) - low
  const asked =
    among?.kind === 'class' ? means.find(({ classNumber }) => classNumber === among.classNumber) : null
  return (
    <>
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
            {means.slice(0, all ? undefined : first).map(({ classNumber, mean, images }) => (
              <tr
                key={classNumber}
                title={`${inSentence(classNameOf(classNumber))}: ${images.toLocaleString('en')} images`}
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
      {means.length > first && (
        <Button className="button quiet statistics-all" onPress={() => setAll(!all)}>
          {all ? `The first ${first} only` : `All ${means.length.toLocaleString('en')} classes`}
        </Button>
      )}
      {among?.kind === 'class' && asked && (
        <KnownPatches
          layer={layer}
          result={result}
          channel={channel}
          filter={among}
          what={`of ${inSentence(classNameOf(asked.classNumber))}`}
          count={asked.images}
          width={width}
        />
      )}
    </>
  )
}

export const classes: LateSection<Means> = {
  id: 'classes',
  aside: true,
  title: 'For which classes',
  more: () => 'mean, and of the top',
  // An opened file knows classes of which no image may be open.
  applies: ({ result, channel, table }) => {
    const means = result.of(classMeans, channel)
    return means !== null && !result.isDead(channel) && Math.max(table.classNames.length, means.length) >= 2
  },
  find({ result, channel }) {
    const means = result.of(classMeans, channel) ?? []
    return means.length === 0 ? null : means.toSorted((a, b) => b.mean - a.mean)
  },
  Late: Classes,
}

function WhyNone({ found: why }: KnownChannel & { found: string }) {
  return <span className="muted">{why}</span>
}

/** Why there are none though the images have classes. */
export const classesLeftOut: LateSection<string> = {
  id: 'classes-left-out',
  aside: true,
  find({ result, channel, table: { classNames } }) {
    if (classNames.length < 2 || result.isDead(channel) || result.of(classMeans, channel) !== null)
      return null
    return whyNoClasses(result.channels, classNames.length)
  },
  Late: WhyNone,
}
