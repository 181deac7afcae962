/** @file The tabs by which one way of showing a layer is chosen. */
import { TabList } from '../../common/TabList.tsx'
import { useApp } from '../../useApp.ts'
import { useView, useViews } from './useView.ts'

export const viewPanelId = 'view'

/** `onChoose` is called after a view was chosen. */
export function ViewTabs({ onChoose }: { onChoose?: () => void }) {
  const tabs = useViews()
  const { id } = useView()
  const showView = useApp((state) => state.showView)
  if (tabs.length < 2) return null
  return (
    <TabList
      label="View"
      tabs={tabs}
      chosen={id}
      onChoose={(view) => {
        showView(view)
        onChoose?.()
      }}
      panel={viewPanelId}
    />
  )
}
