/** @file A button with a picture instead of a word. Its name is shown when it is pointed at, or reached by Tab. */
import type { ReactNode, Ref } from 'react'
import { Button } from 'react-aria-components'
import { named } from './named.ts'

interface Props {
  /** Its name. */
  label: string
  /** Said besides, where the name leaves something open: a key, or what is lost. */
  hint?: string
  /** The picture. */
  children: ReactNode
  onPress?: () => void
  /** It does nothing now. It keeps the focus all the same: who pressed it last must not be left nowhere. */
  isUnavailable?: boolean
  slot?: 'close'
  className?: string
  ref?: Ref<HTMLButtonElement>
}

export function IconButton({
  label,
  hint,
  children,
  onPress,
  isUnavailable = false,
  slot,
  className = 'icon-button',
  ref,
}: Props) {
  return (
    <Button
      className={className}
      aria-label={label}
      {...named(hint)}
      aria-disabled={isUnavailable}
      {...(slot && { slot })}
      {...(ref && { ref })}
      {...(onPress && { onPress: () => !isUnavailable && onPress() })}
    >
      {children}
    </Button>
  )
}
