/**
 * @file A page of HTML that shows scanned layers without anything else: one file, which works from a disk and forbids itself every
 * request. It is made in pieces, as its pictures are many.
 */
import { byCount, classStrip } from '../../mosaic/classColors.ts'
import { type HistogramBin, placeOfBin } from '../../scan/maximaHistogram.ts'
import { inSentence } from '../../shownText.ts'
import { escapedMarkup } from './escapedMarkup.ts'
import { pageScript } from './pageScript.ts'
import { pageStyle } from './pageStyle.ts'

export interface PageHead {
  readonly model: string
  readonly images: string
  readonly layers: readonly string[]
  /** The names of the classes of which any image is. */
  readonly classNames: readonly string[]
  /** How the patches are chosen and cut, as a sentence. */
  readonly about: string
}

export interface PageChannel {
  readonly layer: string
  readonly channel: number
  readonly name: string
  readonly star: boolean
  /** What somebody wrote about it, in lines. */
  readonly note: string
  readonly isDead: boolean
  /** The activations of the strongest patches, the strongest first. */
  readonly top: readonly number[]
  readonly mean: number | null
  readonly deviation: number | null
  /** The share of the images in which it fires, 0 … 1. */
  readonly fires: number | null
  readonly bins: readonly HistogramBin[]
  /** By number of class, how many of the top are of it. */
  readonly classes: ReadonlyMap<number, number>
  classNameOf(classNumber: number): string
  /** A data address of the mosaic; null if there is none. */
  readonly picture: string | null
  /** Width and height of the mosaic, in pixels. */
  readonly extent: number
  /** Pictures that were made for it, with data addresses. */
  readonly made: readonly MadeOnPage[]
}

export interface MadeOnPage {
  /** What it is, as `Accentuated patch`. */
  readonly title: string
  /** What the channel reaches in it. */
  readonly value: number
  readonly picture: string
  readonly rows: number
  readonly columns: number
}

const policy =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

export function pageStart({ model, images, layers, classNames, about }: PageHead): string {
  const title = escapedMarkup(`Channels of ${inSentence(model)}`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="quiet">${escapedMarkup(`What excites them most among the images of ${inSentence(images)}. ${about}`)}</p>
<form hidden role="search" aria-label="Channels">
<label>Words or number <input type="search" name="words"></label>
${select('Layer', 'layer', [['', 'All layers'], ...layers.map((name) => [name, name] as const)])}
${classNames.length > 1 ? select('Leading class', 'topClass', [['', 'Any'], ...classNames.map((name) => [name, name] as const)]) : ''}
${select('Sort', 'sort', sorts)}
<label class="check"><input type="checkbox" name="dead"> Hide dead channels</label>
<label class="check"><input type="checkbox" name="named"> Only with a name or star</label>
</form>
<p role="status" class="quiet"></p>
</header>
<main>
`
}

/** Each is an attribute of a channel. */
const sorts = [
  ['channel', 'By number'],
  ['max', 'Highest activation first'],
  ['mean', 'Highest mean first'],
  ['fires', 'Fires in most images first'],
  ['share', 'Largest share of one class first'],
] as const

function select(label: string, name: string, options: readonly (readonly [string, string])[]): string {
  const all = options.map(
    ([value, text]) => `<option value="${escapedMarkup(value)}">${escapedMarkup(text)}</option>`,
  )
  return `<label>${label} <select name="${name}">${all.join('')}</select></label>`
}

export function layerStart(name: string, channels: number, scanned: number): string {
  const facts = `${channels.toLocaleString('en')} channels, ${scanned.toLocaleString('en')} images`
  return `<section aria-label="${escapedMarkup(name)}"><h2>${escapedMarkup(inSentence(name))} <span class="quiet">${facts}</span></h2><ul>\n`
}

export const layerEnd = '</ul></section>\n'

export const pageEnd = `</main>
<footer class="quiet"><p>Made with Urpatch. A link ends with # and the layer and channel: <code>#layer/channel</code>.</p></footer>
<script>${pageScript}</script>
</body>
</html>
`

/** `write` writes an activation as the page does. */
export function channelCard(one: PageChannel, write: (activation: number) => string): string {
  const { layer, channel, name, star, note, isDead, top, mean, deviation, fires, classes } = one
  const counts = byCount(classes)
  const leading = counts[0]
  const classText = counts
    .map(([number, count]) => `${inSentence(one.classNameOf(number))} ${count}`)
    .join(', ')
  const attributes = {
    id: `${layer}/${channel}`,
    'data-layer': layer,
    'data-channel': channel,
    'data-max': numberText(top[0]),
    'data-mean': numberText(mean),
    'data-fires': numberText(fires),
    'data-share': leading ? numberText(leading[1] / top.length) : '',
    'data-top': leading ? one.classNameOf(leading[0]) : '',
    'data-dead': isDead ? 1 : 0,
    'data-named': name || star ? 1 : 0,
    'data-words': [name, note].join(' '),
  }
  const told = Object.entries(attributes).map(([key, value]) => `${key}="${escapedMarkup(String(value))}"`)
  const link = `#${encodeURIComponent(layer)}/${channel}`
  const facts = [
    top.length > 0 ? `${write(top[0]!)} … ${write(top.at(-1)!)}` : isDead ? 'dead' : 'no patches',
    mean === null || isDead ? '' : `mean ${write(mean)} ± ${write(deviation ?? 0)}`,
    fires === null || isDead ? '' : `fires in ${percent(fires)} of the images`,
  ]
  return `<li><article ${told.join(' ')}>
<h3><a href="${escapedMarkup(link)}">${star ? '<span role="img" aria-label="starred">★</span> ' : ''}${channel}${name ? ` · ${escapedMarkup(inSentence(name))}` : ''}</a></h3>
${pictureOf(one, classText)}${madeOf(one, write)}${stripOf(one)}${classText ? `<p>${escapedMarkup(classText)}</p>` : ''}
<p class="quiet">${facts.filter(Boolean).map(escapedMarkup).join('<br>')}</p>
${histogramOf(one, write)}${note ? `<p class="note">${escapedMarkup(note)}</p>` : ''}</article></li>
`
}

function pictureOf({ picture, extent, channel, top }: PageChannel, classText: string): string {
  if (picture === null || top.length === 0) return ''
  const alt = `The ${top.length} strongest patches of channel ${channel}${classText && `: ${classText}`}`
  return `<img src="${escapedMarkup(picture)}" width="${extent}" height="${extent}" alt="${escapedMarkup(alt)}" decoding="async">\n`
}

/** CSS pixels of the longer side: two stand side by side. */
const madeExtent = 84

function madeOf({ made, channel }: PageChannel, write: (activation: number) => string): string {
  if (made.length === 0) return ''
  const figures = made.map(({ title, value, picture, rows, columns }) => {
    const [height, width] = [rows, columns].map((side) =>
      Math.round((side * madeExtent) / Math.max(rows, columns)),
    )
    const alt = `${title} for channel ${channel}`
    return `<figure><img src="${escapedMarkup(picture)}" width="${width}" height="${height}" alt="${escapedMarkup(alt)}" decoding="async"><figcaption class="quiet">${escapedMarkup(title)}: ${escapedMarkup(write(value))}</figcaption></figure>`
  })
  return `<div class="made">${figures.join('')}</div>\n`
}

function stripOf({ classes, top }: PageChannel): string {
  return classes.size === 0
    ? ''
    : `<div class="strip" style="background-image: ${escapedMarkup(classStrip(classes, top.length))}"></div>`
}

/** The height of the highest bar. */
const height = 28

/** A bar for each bin that is not empty. All bins are equally wide, an eighth of their value, so the axis is a logarithm. */
function histogramOf({ bins, isDead }: PageChannel, write: (activation: number) => string): string {
  const [first, last] = [bins[0], bins.at(-1)]
  if (isDead || !first || !last) return ''
  const most = Math.max(...bins.map(({ count }) => count))
  const images = bins.reduce((sum, { count }) => sum + count, 0)
  let [x, path, before] = [0, '', placeOfBin(first) - 1]
  for (const bin of bins) {
    const place = placeOfBin(bin)
    x += Math.min(longestGap, place - before - 1)
    const tall = Math.max(1, Math.round((bin.count / most) * height))
    path += `M${x} ${height}v-${tall}h1v${tall}z`
    x++
    before = place
  }
  const label = `Histogram of the maxima of ${images.toLocaleString('en')} images, from ${write(first.from)} to ${write(last.to)}`
  return `<svg viewBox="0 0 ${x} ${height}" preserveAspectRatio="none" role="img" aria-label="${escapedMarkup(label)}"><path d="${path}"/></svg>\n`
}

/** Empty bins between two others: more are not drawn. Between 0 and 1 there are 192. */
const longestGap = 8

function numberText(value: number | null | undefined): string {
  return value === null || value === undefined || Number.isNaN(value) ? '' : String(value)
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`
}
