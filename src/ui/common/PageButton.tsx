/** @file A button of the toolbar that opens a page. Without room for its word it is the picture alone. */
import type { LucideIcon } from 'lucide-react'
import { Button } from 'react-aria-components'
import type { Page } from '../../state/appState.ts'
import { useApp } from '../useApp.ts'
import { named } from './named.ts'

interface Props {
  page: Page
  Icon: LucideIcon
  text: string
  /** The button's name, if the text does not say enough. */
  label?: string
  /** What the page shows. */
  hint: string
}

export function PageButton({ page, Icon, text, label, hint }: Props) {
  const showPage = useApp((state) => state.showPage)
  return (
    <Button
      className="button quiet"
      {...(label !== undefined && { 'aria-label': label })}
      {...named(hint)}
      onPress={() => showPage(page)}
    >
      <Icon size={16} aria-hidden />
      <span className="toolbar-word">{text}</span>
    </Button>
  )
}
