/** @file Two patches from each tenth of the images, one below the other, from the lowest maxima to the highest. */
import type { FoundGroup } from '../../../core/scan/foundEntry.ts'
import { quantiles as quantileGroups } from '../../../core/scan/statistics/quantiles.ts'
import { formatActivation } from '../../common/format.ts'
import { usePanelWidth } from '../../common/useScreen.ts'
import { PatchStrip } from '../statistics/PatchStrip.tsx'
import type { KnownChannel, LateSection } from './section.ts'

type Groups = readonly FoundGroup[]

function Quantiles({ layer, channel, found: groups }: KnownChannel & { found: Groups }) {
  const width = usePanelWidth()
  const entries = [0, 1].flatMap((row) => groups.map(({ samples }) => samples[row]!))
  return (
    <>
      <PatchStrip
        name={`${layer}/${channel}/quantiles`}
        layer={layer}
        entries={entries}
        columns={groups.length}
        width={width}
        label="Two patches from each tenth of the images, from the lowest maxima to the highest"
      />
      <div className="statistics-ends muted">
        <span>{formatActivation(groups[0]!.from)}</span>
        <span>two from each tenth</span>
        <span>{formatActivation(groups.at(-1)!.to)}</span>
      </div>
    </>
  )
}

export const quantiles: LateSection<Groups> = {
  id: 'quantiles',
  /** An image has one patch only, so few images make no strip. */
  find({ result, channel }) {
    const groups = result.of(quantileGroups, channel) ?? []
    return groups.length < 10 || groups.some(({ samples }) => samples.length < 2) ? null : groups
  },
  Late: Quantiles,
}
