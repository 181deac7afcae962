/** @file A popover for a dialog that has a name of its own, so that the popover must not get the button's name too. */
import { Popover, type PopoverProps } from 'react-aria-components'

/** If this were left out, React Aria would name the popover after its button. */
const unnamed = { 'aria-labelledby': '' }

export function DialogPopover(props: PopoverProps) {
  return <Popover className="popover" {...props} {...unnamed} />
}
