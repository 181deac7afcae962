/** @file The table of one layer's channels. */
import { useCallback, useMemo } from 'react'
import { NotScanned } from '../../scan/NotScanned.tsx'
import { useAppStore } from '../../useApp.ts'
import { ChannelTableBox } from './ChannelTableBox.tsx'

export default function LayerTableView({ layer }: { layer: string }) {
  const { getState } = useAppStore()
  const names = useMemo(() => [layer], [layer])
  const open = useCallback((_: string, channel: number) => getState().showChannel(channel), [getState])
  return (
    <>
      <NotScanned layer={layer} />
      <ChannelTableBox
        key={layer}
        label="Table of channels"
        names={names}
        onOpen={open}
        onStep={(_, channel) => {
          if (getState().channel !== null) getState().showChannel(channel)
        }}
      />
    </>
  )
}
