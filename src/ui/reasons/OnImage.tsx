/** @file The network's outputs for the shown image with and without the channel; they follow the slider. */
import { isClause, sentence } from '../../core/errors.ts'
import { useEffect, useState } from 'react'
import { channelCount } from '../../core/model/network.ts'
import { endsInSoftmax, topOutputs } from '../../core/model/outputs.ts'
import { answerLayer } from '../../core/preprocessing/guess/prediction.ts'
import { inSentence } from '../../core/shownText.ts'
import type { ChannelMean, ImageAblation, Replacement } from '../../state/appState.ts'
import { formatActivation } from '../common/format.ts'
import { untilCleanup } from '../common/untilCleanup.ts'
import { useChosenPatch } from '../mosaic/useChosenPatch.ts'
import { useClasses } from '../probe/useClasses.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { probabilityText } from './outputText.ts'

/** The outputs that change most. */
const mostRows = 6

interface Props {
  layer: string
  channel: number
  /** The layer of the outputs. */
  output: number
  isMean: boolean
  factor: number
  mean: ChannelMean | null
}

export function OnImage({ layer, channel, output, isMean, factor, mean }: Props) {
  const { patch } = useChosenPatch()
  const network = useApp((state) => state.model!.network)
  const classes = useClasses()
  const image = patch && patch.image >= 0 ? patch.image : null
  const found = useImageAblation(layer, channel, image, factor, mean)
  if (image === null) return null
  const isAnswer = answerLayer(network) === output
  const isShare = isAnswer && endsInSoftmax(network)
  const what = isShare
    ? 'probabilities'
    : isAnswer
      ? 'as the last layer gives them'
      : `means of the channels of ${inSentence(network.layers[output]!.name)}`
  const last = network.layers[output]!
  const rowCount = last.op === null ? 0 : Math.min(mostRows, channelCount(last.shape))
  const write = (value: number | undefined): string =>
    value === undefined ? '…' : isShare ? probabilityText(value) : formatActivation(value)
  const shown = typeof found === 'string' ? nothing : found
  const rows = rowsOf(shown, isMean)
  const after = isMean ? shown.mean : shown.times
  const isSame = after !== null && rows.every((i) => write(after[i]) === write(shown.before[i]))
  return (
    <section className="without-part" aria-label="On this image">
      <h4>
        <b>On this image</b> outputs, {what}; {isSame ? 'none changes noticeably' : 'those that change most'}
      </h4>
      {typeof found === 'string' ? (
        <p className="muted">{found}</p>
      ) : (
        <table className="without-outputs">
          <thead>
            <tr>
              <th scope="col">Output</th>
              <th scope="col">as it is</th>
              <th scope="col" data-chosen={isMean || undefined}>
                its mean
              </th>
              <th scope="col" data-chosen={!isMean || undefined}>
                × {factor.toFixed(1)}
              </th>
            </tr>
          </thead>
          <tbody>
            {found === nothing && <AwaitedRows count={rowCount} />}
            {rows.map((index) => (
              <tr key={index}>
                <th scope="row">
                  {(isAnswer ? classes?.names[index] : undefined) ??
                    `${isAnswer ? 'output' : 'channel'} ${index}`}
                </th>
                {[found.before, found.mean, found.times].map((values, column) => (
                  <td
                    key={['before', 'mean', 'times'][column]}
                    data-chosen={column === (isMean ? 1 : 2) || undefined}
                  >
                    <span
                      className="without-bar"
                      aria-hidden
                      style={{ width: `${100 * shareOf(values?.[index] ?? 0, found, isShare)}%` }}
                    />
                    <span>{write(values?.[index])}</span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {isAnswer && classes?.supposed && <p className="muted">Names are a guess: {classes.assumption}.</p>}
    </section>
  )
}

/** The room of what is about to come: nothing below it moves then. */
function AwaitedRows({ count }: { count: number }) {
  return Array.from({ length: count }, (_, i) => (
    <tr key={i}>
      <td colSpan={4} className="without-awaited muted">
        {i === 0 ? 'The network runs…' : '\u00A0'}
      </td>
    </tr>
  ))
}

interface Shown {
  readonly before: Float32Array
  readonly mean: Float32Array | null
  readonly times: Float32Array | null
}

const nothing: Shown = { before: new Float32Array(0), mean: null, times: null }

/** The outputs that change most, most first; the network's answer is among them. */
function rowsOf({ before, mean, times }: Shown, isMean: boolean): number[] {
  const after = (isMean ? mean : times) ?? times ?? before
  const change = (i: number): number => Math.abs(after[i]! - before[i]!)
  const all = [...before.keys()]
  const [answer] = topOutputs(before, 1)
  const sorted = all.toSorted((a, b) => change(b) - change(a) || before[b]! - before[a]! || a - b)
  const most = sorted.slice(0, mostRows)
  return !answer || most.includes(answer.index) ? most : [...most.slice(0, -1), answer.index]
}

function shareOf(value: number, { before }: Shown, isShare: boolean): number {
  const most = isShare ? 1 : before.reduce((a, b) => Math.max(a, b), 0)
  return most > 0 ? Math.min(1, Math.max(0, value / most)) : 0
}

/** What is known of the image, or a sentence if it cannot be read. Of several factors only the latest counts. */
function useImageAblation(
  layer: string,
  channel: number,
  image: number | null,
  factor: number,
  mean: ChannelMean | null,
): Shown | string {
  const { getState } = useAppStore()
  const path = useApp((state) => (image === null ? '' : (state.images?.table.paths[image] ?? '')))
  const preprocessing = useApp((state) => state.preprocessing)
  const key = `${layer}/${channel}/${image}`
  const [found, setFound] = useState<{ readonly key: string; readonly shown: Shown | string } | null>(null)
  const hasMean = mean !== null
  useEffect(() => {
    if (image === null) return undefined
    const look = async (signal: AbortSignal): Promise<void> => {
      try {
        const wanted: Replacement[] = hasMean ? [factor, 'mean'] : [factor]
        const ablation = await getState().ablateImage({ layer, channel, image }, wanted, signal)
        if (ablation && !signal.aborted) setFound({ key, shown: shownOf(ablation) })
      } catch (error) {
        if (signal.aborted) return
        if (!isClause(error)) throw error
        setFound({ key, shown: sentence('images/not-shown', { image: path, reason: error.message }) })
      }
    }
    return untilCleanup(look, getState().report)
  }, [key, layer, channel, image, factor, hasMean, mean?.mean, path, preprocessing, getState])
  return found?.key === key ? found.shown : nothing
}

function shownOf({ before, after: [times, mean] }: ImageAblation): Shown {
  return { before, times: times ?? null, mean: mean ?? null }
}
