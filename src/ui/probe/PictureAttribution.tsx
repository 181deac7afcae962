/** @file Which pixels of the picture that is looked at excite a unit of the chosen channel, and which inhibit it. */
import { X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Pair } from '../../core/model/network.ts'
import type { Seen } from '../../state/probe/pictureProbe.ts'
import { formatActivation } from '../common/format.ts'
import { IconButton } from '../common/IconButton.tsx'
import { Name } from '../common/Name.tsx'
import { PanelWidth } from '../common/useScreen.ts'
import PatchAttribution from '../reasons/PatchAttribution.tsx'
import { useApp } from '../useApp.ts'
import type { ShownMap } from './ChannelOverPicture.tsx'
import { patchInMap } from './patchInMap.ts'

interface Props extends ShownMap {
  seen: Seen
  /** The unit of the layer; null for its strongest one. */
  unit: Pair | null
  onClose: () => void
}

export default function PictureAttribution({ layer, channel, map, seen, unit, onClose }: Props) {
  const model = useApp((state) => state.model)!
  const section = useRef<HTMLElement>(null)
  const width = useWidth(section)
  const { name } = model.network.layers[layer]!
  const patch = patchInMap(model, name, map, unit)
  // Who asks for it may be further below than the picture.
  useEffect(() => {
    // Of newer browsers it returns a promise, which is no cleanup.
    void section.current?.scrollIntoView({ block: 'nearest' })
  }, [layer, channel])
  return (
    <section ref={section} className="probe-attribution" aria-label="Attribution">
      <h3>
        Attribution <span className="muted">of channel</span> {channel}{' '}
        <span className="muted">
          of <Name>{name}</Name>
        </span>
        <span className="spacer" />
        <IconButton label="Close the attribution" onPress={onClose}>
          <X size={16} />
        </IconButton>
      </h3>
      <p className="muted">
        {unit ? 'The unit at the spot' : 'Its strongest unit'}
        {map.values.length > 1 && `, at ${patch.unit.join(', ')}`}: {formatActivation(patch.activation)}.{' '}
        {map.values.length > 1 && 'A click on the picture chooses another one.'}
      </p>
      {width !== null && (
        <PanelWidth value={width}>
          <PatchAttribution
            place={{ layer: name, channel, image: seen, unit: patch.unit, box: patch.box }}
            seat={patch.seat}
          />
        </PanelWidth>
      )}
    </section>
  )
}

/** In CSS pixels; null until it is known. */
function useWidth(element: React.RefObject<HTMLElement | null>): number | null {
  const [width, setWidth] = useState<number | null>(null)
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)))
    observer.observe(element.current!)
    return () => observer.disconnect()
  }, [element])
  return width
}
