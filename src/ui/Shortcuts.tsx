/** @file The page with the list of keyboard shortcuts, and below it whose work the app is. */
import { Link } from 'react-aria-components'
import { ModalHead } from './common/ModalHead.tsx'
import { ModalPage } from './common/ModalPage.tsx'
import { useApp } from './useApp.ts'
import './shortcuts.css'

/** Each key with what it does. */
const keys: readonly (readonly [string, string])[] = [
  ['Tab', 'to the next control; the first one of the page skips to the channels'],
  ['← →', 'previous and next channel'],
  ['↑ ↓', 'previous and next patch of the open channel'],
  ['← → ↑ ↓', 'from tile to tile, where one has the focus'],
  ['Home End', 'first and last channel, where a tile has the focus'],
  ['Page ↑ ↓', 'a screenful of tiles up or down'],
  ['H', 'shows the heat-map of the open channel over its image, or hides it'],
  ['Enter', 'opens the channel that has the focus; once more, or in the panel: over the full width'],
  [
    '/ ⌘K',
    'goes to a channel or layer by its number or name, or by what is written about it; to an image by its path',
  ],
  ['N', 'names the open channel; Enter keeps the name'],
  ['S', 'stars the open channel'],
  [
    '← →',
    'previous and next image, on the page of an image; at its picture, with ↑ ↓: the spot whose units are listed',
  ],
  ['+ − 0', 'closer, farther and all of it, in an enlarged image'],
  ['Esc', 'closes what was opened last: a menu, a page, the tour, the channel'],
  ['Alt ←', 'Back: the same, with the browser’s own history'],
  ['?', 'this list'],
]

export default function Shortcuts() {
  const showPage = useApp((state) => state.showPage)
  return (
    <ModalPage onClose={() => showPage(null)} className="shortcuts-modal">
      <ModalHead title="Keyboard shortcuts" />
      {/* It scrolls on small screens, so the keyboard has to reach it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="shortcuts-scroll" tabIndex={0} role="group" aria-label="All keys">
        <dl className="shortcuts">
          {keys.map(([key, what]) => (
            <div key={key + what}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <p className="shortcuts-foot muted">
          Urpatch is free software and has the work of others in it.
          <Link className="button" href="./licenses.txt" target="_blank" rel="noreferrer">
            Their licences
          </Link>
        </p>
      </div>
    </ModalPage>
  )
}
