/** @file What the network does without the channel over a sample of the images. */
import { useState } from 'react'
import { Button } from 'react-aria-components'
import { answerLayer } from '../../core/preprocessing/guess/prediction.ts'
import { inSentence } from '../../core/shownText.ts'
import type { ChannelAblation, Replacement } from '../../state/appState.ts'
import { CountField } from '../common/CountField.tsx'
import { formatActivation, formatRatio, formatShare } from '../common/format.ts'
import { useOneRun } from '../common/useOneRun.ts'
import { useClasses } from '../probe/useClasses.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { ImageStrip } from './ImageStrip.tsx'
import { MeanOutputs } from './MeanOutputs.tsx'
import { rememberedSample, rememberSample } from './sample.ts'

/** Rows of classes. */
const mostRows = 8

interface Props {
  layer: string
  channel: number
  /** The layer of the outputs. */
  output: number
  replacement: Replacement
}

export function OverImages({ layer, channel, output, replacement }: Props) {
  const { getState } = useAppStore()
  const total = useApp((state) => state.images!.table.order.length)
  const [count, setCount] = useState(() => Math.min(total, rememberedSample()))
  const { progress, start, stop } = useOneRun<{ readonly done: number; readonly of: number }>()
  const [found, setFound] = useState<Found | null>(null)
  const run = (): Promise<void> =>
    start({ done: 0, of: 1 }, async (signal, tell) => {
      const ablation = await getState().ablateImages(
        { layer, channel },
        replacement,
        count,
        signal,
        (done, of) => tell({ done, of }),
      )
      if (signal.aborted || !ablation) return
      // Nothing here needs the outputs of each image.
      const { outputs: _, ...shown } = ablation
      setFound(shown)
    })
  return (
    <section className="without-part" aria-label="Over the images">
      <h4>
        <b>Over the images</b> hundreds say more than dozens
      </h4>
      <div className="without-run">
        <CountField
          label="Images in the sample"
          text="Images"
          value={count}
          min={1}
          max={total}
          onChange={(value) => {
            setCount(value)
            rememberSample(value)
          }}
        />
        <Button className="button" onPress={progress ? stop : () => void run()}>
          {progress
            ? `Stop (${formatRatio(progress.done / progress.of)})`
            : `Run with ${replacement === 'mean' ? 'its mean' : `× ${replacement.toFixed(1)}`}`}
        </Button>
      </div>
      <div role="status" className="without-part">
        {found && <Result found={found} output={output} />}
      </div>
    </section>
  )
}

type Found = Omit<ChannelAblation, 'outputs'>

function Result({ found, output }: { found: Found; output: number }) {
  const table = useApp((state) => state.images!.table)
  const network = useApp((state) => state.model!.network)
  const supposed = useClasses()
  const { yardstick, images, judged, before, after, classes, changed, sample, matching, replacement, mean } =
    found
  const nameOf = (index: number): string =>
    index < 0 ? 'no answer' : ((matching ?? supposed)?.names[index] ?? `output ${index}`)
  const isAnswer = answerLayer(network) === output
  const value =
    replacement === 'mean' ? `at its mean ${formatActivation(mean!)}` : `× ${replacement.toFixed(1)}`
  const all = images.toLocaleString('en')
  return (
    <>
      <p className="without-sum">
        {yardstick === 'right' && (
          <>
            Right: <b>{formatShare(before, judged)}</b> → <b>{formatShare(after, judged)}</b> of{' '}
            {judged.toLocaleString('en')} images
          </>
        )}
        {yardstick === 'own' && (
          <>
            Same answer as before: <b>{formatShare(after, judged)}</b> of {judged.toLocaleString('en')} images
          </>
        )}
        {yardstick === 'outputs' && (
          <>
            Outputs move by <b>{formatRatio(found.harm ?? 0)}</b> of their length over {all} images
          </>
        )}{' '}
        <span className="muted">({value})</span>
      </p>
      <p className="muted">
        A random sample, always the same{matching ? `; right and wrong ${matching.assumption}` : ''}
        {yardstick === 'own' && '; classes of the images and outputs could not be matched'}
        {yardstick !== 'right' &&
          '. Means are written to the first digit of the standard error of their change'}
        .
      </p>
      {yardstick !== 'outputs' && changed.length === 0 && <p>No image has another answer than before.</p>}
      {changed.length > 0 && classes.length > 0 && classes[0]!.classNumber >= 0 && (
        <table className="without-classes">
          <thead>
            <tr>
              <th scope="col">Most hurt first</th>
              <th scope="col">images</th>
              <th scope="col">{yardstick === 'right' ? 'right' : 'same'}</th>
              <th scope="col">after</th>
            </tr>
          </thead>
          <tbody>
            {classes
              .filter((one) => one.judged > 0)
              .slice(0, mostRows)
              .map((one) => (
                <tr key={one.classNumber}>
                  <th scope="row" title={table.classNames[one.classNumber]}>
                    {table.classNames[one.classNumber] ?? 'no class'}
                  </th>
                  <td>{one.judged.toLocaleString('en')}</td>
                  <td>{formatShare(one.before, one.judged)}</td>
                  <td data-hurt={one.after < one.before || undefined}>
                    {formatShare(one.after, one.judged)}
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      )}
      {yardstick !== 'right' && (
        <MeanOutputs
          found={found}
          nameOf={(index) =>
            isAnswer ? nameOf(index) : `channel ${index} of ${inSentence(network.layers[output]!.name)}`
          }
          className={(classNumber) => table.classNames[classNumber]!}
          isProbability={found.scale === 'probabilities'}
        />
      )}
      {changed.length > 0 && (
        <ImageStrip
          title={`${changed.length === 1 ? 'Another answer for 1 image' : `Another answer for ${changed.length.toLocaleString('en')} images`}`}
          items={changed.map(({ at, before: was, after: is }) => ({
            image: sample[at]!,
            text: `${inSentence(nameOf(was))} → ${inSentence(nameOf(is))}`,
          }))}
        />
      )}
    </>
  )
}
