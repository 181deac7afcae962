/** @file The view of a layer as the mosaics of its channels. */
import { firstView } from '../../../state/selectors/urlHash.ts'
import { NotScanned } from '../../scan/NotScanned.tsx'
import { ChannelGrid } from '../ChannelGrid.tsx'
import { SortAgain } from '../SortAgain.tsx'
import { ViewControls } from '../ViewControls.tsx'
import { WideFieldNote } from '../WideFieldNote.tsx'
import type { LayerView } from './view.ts'

export const mosaics: LayerView = {
  id: firstView,
  label: 'Mosaics',
  Component: Mosaics,
  Controls: ViewControls,
}

function Mosaics({ layer }: { layer: string }) {
  return (
    <>
      <WideFieldNote />
      <div className="tiles">
        <NotScanned layer={layer} />
        <SortAgain />
        <ChannelGrid layer={layer} />
      </div>
    </>
  )
}
