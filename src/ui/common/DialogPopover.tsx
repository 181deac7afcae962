/** @file A popover with a dialog in it, which has a name: a second one, of the button, would be content beside it. */
import { Popover, type PopoverProps } from 'react-aria-components'

/** React Aria takes none for no wish. */
const unnamed = { 'aria-labelledby': '' }

export function DialogPopover(props: PopoverProps) {
  return <Popover className="popover" {...props} {...unnamed} />
}
