/** @file The classes that excite a channel most on the whole, and their share of its top patches. */
import { topOfClasses } from '../../core/mosaic/channelOrder.ts'
import { whyNoClasses } from '../../core/scan/classMeans.ts'
import type { ReadableResult } from '../../core/scan/readableResult.ts'
import { tableOf } from '../../state/shown.ts'
import { formatActivation } from '../common/format.ts'
import { useApp } from '../useApp.ts'

const mostClasses = 6

export function ChannelStatisticsClasses({ result, channel }: { result: ReadableResult; channel: number }) {
  const { classNames, classOf } = useApp(tableOf)!
  const k = useApp((state) => state.k)
  if (classNames.length < 2) return null
  if (!result.classMeans) return <p className="muted">{whyNoClasses(result.channels, classNames.length)}</p>
  const means = result.classMeans.means(channel).toSorted((a, b) => b.mean - a.mean)
  if (means.length === 0) return null
  const counts = topOfClasses(result, channel, k, classOf)
  const of = result.top(channel, k).length
  const low = Math.min(0, means.at(-1)!.mean)
  const range = Math.max(0, means[0]!.mean) - low
  const rest = means.length - mostClasses
  return (
    <div className="statistics-part">
      <h4>Classes by mean maximum, and their part of the top</h4>
      <table className="statistics-classes">
        <thead className="visually-hidden">
          <tr>
            <th>Class</th>
            <th>Mean of the maxima</th>
            <th>Of the top patches</th>
          </tr>
        </thead>
        <tbody>
          {means.slice(0, mostClasses).map(({ classNumber, mean, images }) => (
            <tr key={classNumber} title={`${classNames[classNumber]}: ${images.toLocaleString('en')} images`}>
              <th scope="row">{classNames[classNumber]}</th>
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
      {rest > 0 && (
        <p className="muted">
          and {rest.toLocaleString('en')} more; the lowest is {classNames[means.at(-1)!.classNumber]} with{' '}
          {formatActivation(means.at(-1)!.mean)}
        </p>
      )}
    </div>
  )
}
