/** @file A button with a picture instead of a word. Its name appears if the user points at it or reaches it by Tab. */
import type { ReactNode, Ref } from 'react'
import { Button } from 'react-aria-components'
import { named } from './named.ts'

interface Props {
  /** The button's name. */
  label: string
  /** Further information, if the name does not say enough: a key, or what will be lost. */
  hint?: string
  /** The picture. */
  children: ReactNode
  onPress?: () => void
  /** Called as soon as the button is pressed down. */
  onPressStart?: () => void
  /** Whether the button does nothing now. It can still have the focus, so that the keyboard's position is not lost. */
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
  onPressStart,
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
      {...(onPressStart && { onPressStart: () => !isUnavailable && onPressStart() })}
      {...(onPress && { onPress: () => !isUnavailable && onPress() })}
    >
      {children}
    </Button>
  )
}
