/**
 * @file A layer's name. If there is not enough room, its beginning is cut off, because the end tells layers apart.
 */

import { shownText } from '../../core/shownText.ts'

/** This many letters at the end of a name are never cut off. */
const end = 14
/** If there are fewer letters than this before them, cutting is not worth it. */
const fewest = 3

/** `from`: the length of the path at its beginning that needs not be shown, as the group around says it. */
export function LayerName({ name: whole, from = 0 }: { name: string; from?: number }) {
  // Those of a results file may be anything.
  const name = shownText(whole)
  const slash = Math.max(name.lastIndexOf('/') + 1, from)
  const long = name.length - end
  const cut = long - slash >= fewest ? long : slash
  return (
    <bdi className="layer-name">
      {/* Screen readers get the name in one piece. */}
      <span className="visually-hidden">{name}</span>
      {slash > from && (
        <span className="layer-path" aria-hidden>
          {name.slice(from, slash)}
        </span>
      )}
      {cut > slash && (
        <span className="layer-start" aria-hidden>
          {name.slice(slash, cut)}
        </span>
      )}
      <span className="layer-end" aria-hidden>
        {name.slice(cut)}
      </span>
    </bdi>
  )
}
