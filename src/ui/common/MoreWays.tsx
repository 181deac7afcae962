/**
 * @file A button beside another one, with a menu of more ways to do the same. Menus are a fifth of the script of the first
 * screen, which needs none to be drawn, so this one comes right after it. A press in between opens it once it is there,
 * even if this button makes way for the menu's own before the press ends.
 */
import { lazy, Suspense, useState } from 'react'
import { MoreWaysButton, type WaysProps } from './MoreWaysButton.tsx'

const MoreWaysMenu = lazy(() => import('./MoreWaysMenu.tsx'))

export function MoreWays(props: WaysProps) {
  const [isAsked, setAsked] = useState(false)
  return (
    <Suspense fallback={<MoreWaysButton label={props.label} onPressStart={() => setAsked(true)} />}>
      <MoreWaysMenu {...props} isAsked={isAsked} />
    </Suspense>
  )
}
