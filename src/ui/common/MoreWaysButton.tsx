/** @file The button of `MoreWays`, with its menu or before it. */
import { ChevronDown } from 'lucide-react'
import { IconButton } from './IconButton.tsx'

export interface WaysProps {
  /** The button's name. */
  readonly label: string
  readonly ways: readonly { readonly name: string; run(): void }[]
}

export function MoreWaysButton({
  label,
  onPressStart,
}: Pick<WaysProps, 'label'> & { onPressStart?: () => void }) {
  return (
    <IconButton className="button quiet" label={label} {...(onPressStart && { onPressStart })}>
      <ChevronDown size={14} aria-hidden />
    </IconButton>
  )
}
