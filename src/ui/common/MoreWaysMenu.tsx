/** @file The menu that `MoreWays` loads. */
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import { MoreWaysButton, type WaysProps } from './MoreWaysButton.tsx'

interface Props extends WaysProps {
  /** Whether the menu is open when it appears. */
  isAsked: boolean
}

export default function MoreWaysMenu({ label, ways, isAsked }: Props) {
  return (
    <MenuTrigger defaultOpen={isAsked}>
      <MoreWaysButton label={label} />
      <Popover className="popover">
        <Menu className="menu" onAction={(at) => ways[Number(at)]!.run()}>
          {ways.map(({ name }, at) => (
            <MenuItem key={name} className="menu-item" id={String(at)}>
              {name}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
