/** @file The chosen patch: which image it is of, and how strongly it excites the channel; or why there is none. */
import { outlierCount } from '../../../core/scan/outliers.ts'
import { isWhole } from '../../../state/scan/coverage.ts'
import { isUnderWay } from '../../../state/scan/scanPhase.ts'
import type { Patch } from '../../../state/mosaic/patches.ts'
import { resultOf } from '../../../state/selectors/shown.ts'
import { formatActivation } from '../../common/format.ts'
import { useNames } from '../../results/useNames.ts'
import { useApp } from '../../useApp.ts'
import { AlikePatches } from '../AlikePatches.tsx'
import type { OpenChannel, Section } from './section.ts'
import { Path } from '../../common/Path.tsx'

function PatchOrNone({ layer, channel, patches, alike, rank, patch }: OpenChannel) {
  const isOutlier = rank >= 0 && rank < outlierCount(patches.map(({ activation }) => activation))
  const others = alike[rank] ?? []
  if (patch)
    return (
      <>
        <PatchCaption patch={patch} rank={rank} count={patches.length} isOutlier={isOutlier} />
        {others.length > 0 && <AlikePatches key={rank} layer={layer} channel={channel} entries={others} />}
      </>
    )
  return <NoPatch layer={layer} channel={channel} />
}

export const chosenPatch: Section = { id: 'patch', Component: PatchOrNone }

const outlierMeaning =
  'It lies at least as far above the next activation as that lies above the last one shown'

/** Which image it is and how strongly it excites. */
interface CaptionProps {
  patch: Patch
  rank: number
  count: number
  isOutlier: boolean
}

function PatchCaption({ patch, rank, count, isOutlier }: CaptionProps) {
  const { pathOf, classOf } = useNames()
  const path = pathOf(patch.image)
  const className = classOf(patch.image)
  return (
    <div className="patch-caption">
      <p>
        <b>{formatActivation(patch.activation)}</b>{' '}
        <span className="muted">{rank < 0 ? '· not of the top' : `· ${rank + 1} of ${count}`}</span>
        {isOutlier && <span title={outlierMeaning}> · outlier</span>}
      </p>
      <p className="path" title={path}>
        <Path>{path}</Path>
        {className !== null && !path.includes(className) && <span className="muted"> {className}</span>}
      </p>
    </div>
  )
}

function NoPatch({ layer, channel }: Pick<OpenChannel, 'layer' | 'channel'>) {
  const result = useApp((state) => resultOf(state, layer))
  // Grows while the scan runs.
  useApp((state) => state.revision)
  const underWay = useApp((state) => isUnderWay(state.scan))
  const isWholeLayer = useApp((state) => isWhole(state, layer))
  if (!result || result.scanned === 0)
    return <p className="empty">No patches yet.{!underWay && ' Press Run to look for them.'}</p>
  if (!result.isDead(channel)) return <p className="empty">No patches: the channel makes nothing but NaN.</p>
  const value = result.highest(channel)
  return (
    <p className="empty">
      This channel is dead{!isWholeLayer && ' so far'}: every unit is{' '}
      {value === null ? 'the same' : formatActivation(value)} in{' '}
      {result.scanned === 1 ? 'the one image' : `all ${result.scanned.toLocaleString('en')} images`}. No patch
      excites it more than another.
    </p>
  )
}
