/** @file The button that opens the table of all channels. */
import { TextSearch } from 'lucide-react'
import { PageButton } from '../common/PageButton.tsx'

export function FinderButton() {
  return (
    <PageButton
      page="finder"
      Icon={TextSearch}
      text="Finder"
      hint="All channels of all scanned layers in a table"
    />
  )
}
