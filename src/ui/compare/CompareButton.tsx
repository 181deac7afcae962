/** @file The button that opens the comparison, as soon as there is something to compare. */
import { Columns2 } from 'lucide-react'
import { PageButton } from '../common/PageButton.tsx'
import { useApp } from '../useApp.ts'

export function CompareButton() {
  const isThere = useApp((state) => state.comparison.scans.length > 0)
  return (
    isThere && (
      <PageButton
        page="compare"
        Icon={Columns2}
        text="Compare"
        hint="Scans of the same images side by side"
      />
    )
  )
}
