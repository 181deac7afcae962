/**
 * @file Pictures that excite the open channel more than those of the user: the chosen patch with what matters strengthened, then
 * pictures that begin with nothing. They are made while the section is open; another click gives them up, and they go on later.
 */
import { Pause, Play } from 'lucide-react'
import { useState } from 'react'
import { Button } from 'react-aria-components'
import { likeness } from '../../core/reasons/likeness.ts'
import type { PictureWish } from '../../state/appState.ts'
import type { MadePicture } from '../../state/reasons/madePictures.ts'
import { isUnderWay } from '../../state/scan/scanPhase.ts'
import { modelOf } from '../../state/selectors/shown.ts'
import { formatActivation } from '../common/format.ts'
import { usePanelWidth } from '../common/useScreen.ts'
import { Choice } from '../common/Choice.tsx'
import type { KnownChannel } from '../mosaic/sections/section.ts'
import { useChosenPatch } from '../mosaic/useChosenPatch.ts'
import { useApp } from '../useApp.ts'
import { MadeFigure } from './MadeFigure.tsx'
import { channelFile } from './pictureFile.ts'
import { PixelPicture } from './PixelPicture.tsx'
import { useHeldHeight } from './useHeldHeight.ts'
import { useMadePictures } from './useMadePictures.ts'
import './synthesized.css'

/** CSS pixels. */
const gap = 8
const widest = 260
/** How many pictures from nothing there are if several are asked for. */
const several = 4

export default function SynthesizedPicture({ layer, channel, result }: KnownChannel) {
  const { patches, patch, rank } = useChosenPatch()
  const canRun = useApp((state) => modelOf(state) !== null && state.images !== null)
  if (!canRun) return <p className="muted">Pictures are made once the model and the images are open.</p>
  if (!patch || patch.image < 0) return <p className="muted">There is no patch to begin with.</p>
  const best = result.highest(channel)
  const top = patches[0] ?? patch
  return <Pictures key={`${layer}/${channel}`} {...{ layer, channel, patch, top, rank, best }} />
}

interface Props extends Pick<PictureWish, 'layer' | 'channel' | 'patch'> {
  /** The channel's best patch: pictures from nothing are for its unit, whichever is chosen. */
  top: PictureWish['patch']
  rank: number
  /** The largest activation of all images; null if it is not known. */
  best: number | null
}

function Pictures({ layer, channel, patch, top, rank, best }: Props) {
  const whole = useApp((state) => state.synthesis.whole)
  const setSynthesis = useApp((state) => state.setSynthesis)
  const isScanning = useApp((state) => isUnderWay(state.scan) && state.scan.status !== 'paused')
  const [isPaused, setPaused] = useState(false)
  const [count, setCount] = useState(1)
  const wish: PictureWish = { layer, channel, patch, whole, way: 'accentuate', nth: 0 }
  const wishes: PictureWish[] = [wish]
  for (let nth = 0; nth < count; nth++) wishes.push({ ...wish, patch: top, way: 'nothing', nth })
  const places = [patch, top].flatMap(({ image, unit }) => [image, ...unit])
  const key = [layer, channel, ...places, whole, count].join('/')
  const { made, problem } = useMadePictures(wishes, key, isPaused)
  const [accentuated = null, ...others] = made
  const extent = Math.floor(Math.min(widest * 3, usePanelWidth()) / 3 - gap)
  const isDone = made.length === wishes.length && made.every((one) => one?.outcome)
  const outcome = useHeldHeight(!isDone && problem === null)
  const file = channelFile(layer, channel)
  const name = whole ? 'image' : 'patch'
  return (
    <div className="synthesized">
      <div className="synthesized-row" style={{ gap }}>
        <figure className="made-figure" style={{ width: extent }}>
          <div className="made-picture" style={{ width: extent, height: extent }}>
            {accentuated && (
              <PixelPicture picture={accentuated.beginning} label={`The ${name} as it is`} extent={extent} />
            )}
          </div>
          <figcaption>
            <span className="made-title">
              {rank < 0 ? `The chosen ${name}` : whole ? `Image of patch ${rank + 1}` : `Patch ${rank + 1}`}
            </span>
            <span className="made-line">
              {accentuated?.outcome && <b>{formatActivation(accentuated.outcome.before!.value)}</b>}
            </span>
          </figcaption>
        </figure>
        <MadeFigure title="Accentuated" made={accentuated} file={`${file}-accentuated`} extent={extent} />
        {wishes.slice(1).map(({ nth }) => (
          <MadeFigure
            key={nth}
            title={count === 1 ? 'From nothing' : `From nothing, ${nth + 1}`}
            made={others[nth] ?? null}
            file={`${file}-from-nothing-${nth + 1}`}
            extent={extent}
          />
        ))}
      </div>
      <div role="status" ref={outcome}>
        {problem !== null && <p>{problem}</p>}
        {!isDone && problem === null && (
          <p className="muted">{isPaused ? 'Paused.' : 'The pictures are being made…'}</p>
        )}
        {isDone && <Reached {...{ made: made as MadePicture[], whole, best }} />}
      </div>
      <div className="synthesized-tools">
        <Choice
          label="Made for"
          value={whole ? 'whole' : 'unit'}
          options={[
            { id: 'unit', text: 'A unit' },
            { id: 'whole', text: 'The whole image' },
          ]}
          onChange={(value) => {
            setSynthesis({ whole: value === 'whole' })
            setCount(1)
          }}
        />
        {!isDone && problem === null && (
          <Button className="button quiet" onPress={() => setPaused(!isPaused)}>
            {isPaused ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
            {isPaused ? 'Go on' : 'Pause'}
          </Button>
        )}
        {isDone && count < several && (
          <Button className="button quiet" onPress={() => setCount(several)}>
            Four different ones
          </Button>
        )}
        {isScanning && !isDone && <span className="muted">Takes turns with the scan.</span>}
      </div>
      <p className="muted">
        {whole
          ? 'Numbers are means of the channel’s map over the whole image: a maximum would be a single unit again.'
          : 'Accentuated: the patch with what excites the unit strengthened. From nothing: a picture with the colours and frequencies of your images, at 1.5 times their usual contrast.'}
      </p>
    </div>
  )
}

/** What the pictures reach, beside what the user's images do. */
function Reached({
  made,
  whole,
  best,
}: {
  made: readonly MadePicture[]
  whole: boolean
  best: number | null
}) {
  const outcomes = made.map(({ outcome }) => outcome!)
  const highest = Math.max(...outcomes.map(({ made: { value } }) => value))
  const others = made.slice(1).map(({ picture }) => picture.data)
  const alike = likeness(others)
  return (
    <>
      <p>
        {whole ? (
          <>
            The mean of the map reaches <b>{formatActivation(highest)}</b>; in the image it is{' '}
            {formatActivation(outcomes[0]!.before!.value)}.
          </>
        ) : (
          <>
            Reaches <b>{formatActivation(highest)}</b>
            {best !== null && <>; the best patch of your images {formatActivation(best)}</>}.
          </>
        )}
      </p>
      {alike !== null && (
        <p className="muted">
          The four from nothing go together by {alike.toFixed(2)}, the mean correlation of their pixels.
        </p>
      )}
    </>
  )
}
