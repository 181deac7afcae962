/** @file A note on layers with fields wider than half of the image: their patches are clipped, unless the user chooses otherwise. */
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { hasWideField } from '../../state/selectors/wideField.ts'
import { fieldOf, inputShapeOf } from '../../state/selectors/shown.ts'
import { formatExtent } from '../common/format.ts'
import { remember } from '../common/remembered.ts'
import { useApp } from '../useApp.ts'
import './wideField.css'

export const toEdgeKey = 'patches-to-edge'

export function WideFieldNote() {
  const isWide = useApp((state) => state.layer !== null && hasWideField(state, state.layer))
  const field = useApp((state) => fieldOf(state, state.layer))
  const inputShape = useApp(inputShapeOf)
  const toEdge = useApp((state) => state.toEdge)
  const setView = useApp((state) => state.setView)
  if (!isWide || !field || !inputShape) return null
  const { size } = field
  const [height, width] = inputShape
  return (
    <div className="wide-field">
      <ToggleButtonGroup
        className="segments"
        aria-label="Patches at the edge"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[toEdge ? 'edge' : 'seen']}
        onSelectionChange={(keys) => {
          const value = keys.has('edge')
          remember(toEdgeKey, String(value))
          setView({ toEdge: value })
        }}
      >
        <ToggleButton className="segment" id="edge">
          To the edge
        </ToggleButton>
        <ToggleButton className="segment" id="seen">
          As seen
        </ToggleButton>
      </ToggleButtonGroup>
      <span className="muted">
        {toEdge
          ? `Units see ${formatExtent(size)} of ${formatExtent([height, width])}: patches are clipped at the edge of the image. The box in the image is exact.`
          : `Units see ${formatExtent(size)} of ${formatExtent([height, width])}: grey is what lies outside of the image.`}
      </span>
    </div>
  )
}
