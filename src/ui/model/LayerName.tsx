/**
 * @file A layer's name. If there is not enough room, its beginning is cut off, because the end tells layers apart.
 */

/** This many letters at the end of a name are never cut off. */
const end = 14
/** If there are fewer letters than this before them, cutting is not worth it. */
const fewest = 3

export function LayerName({ name }: { name: string }) {
  const slash = name.lastIndexOf('/') + 1
  const long = name.length - end
  const cut = long - slash >= fewest ? long : slash
  return (
    <span className="layer-name">
      {/* Screen readers get the name in one piece. */}
      <span className="visually-hidden">{name}</span>
      {slash > 0 && (
        <span className="layer-path" aria-hidden>
          {name.slice(0, slash)}
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
    </span>
  )
}
