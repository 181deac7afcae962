/** @file A layer's name, shortened where there is no room for it so that its end, which tells layers apart, stays. */

/** Letters at the end of a long name that are never cut off. */
const end = 14
/** Fewer before them are not worth being cut. */
const fewest = 3

export function LayerName({ name }: { name: string }) {
  const slash = name.lastIndexOf('/') + 1
  const long = name.length - end
  const cut = long - slash >= fewest ? long : slash
  return (
    <span className="layer-name">
      {/* In one piece for who hears it. */}
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
