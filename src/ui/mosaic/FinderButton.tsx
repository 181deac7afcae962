/** @file The button that opens the table of all channels. */
import { TextSearch } from 'lucide-react'
import { Button } from 'react-aria-components'
import { named } from '../common/named.ts'
import { useApp } from '../useApp.ts'

export function FinderButton() {
  const showPage = useApp((state) => state.showPage)
  return (
    <Button
      className="button quiet"
      {...named('All channels of all scanned layers in a table')}
      onPress={() => showPage('finder')}
    >
      <TextSearch size={16} aria-hidden />
      <span className="toolbar-word">Finder</span>
    </Button>
  )
}
