/** @file Links to a channel: where they lead, and what whoever follows one has to open. */
import type { AppState, Link } from '../appState.ts'
import { isDemoOpen, openProjectOf } from './openProject.ts'
import { aloneOf } from './shown.ts'
import { writeHash } from './urlHash.ts'

/** Letters of a name that a link carries: it has to fit into a message. */
const longestName = 80

/** Null for an address that leads to no layer. */
export function readLink(hash: string): Link | null {
  const fields = new URLSearchParams(hash.replace(/^#/, ''))
  const layer = fields.get('layer')
  if (layer === null) return null
  const channel = fields.get('channel')
  return {
    layer,
    channel: channel !== null && /^\d+$/.test(channel) ? Number(channel) : null,
    model: fields.get('model'),
    images: fields.get('images'),
  }
}

/** Of what is shown: with its project where one is open, else with the names of what has to be opened. */
export function linkTo(state: AppState, page: string): string {
  const address = new URL(page)
  const project = openProjectOf(state)
  address.search = isDemoOpen(state) ? '?demo' : project === null ? '' : `?project=${withinSite(project)}`
  const hash = writeHash(state)
  const { model, images } = namesOf(state)
  if (project !== null || !model || !images) address.hash = hash
  else {
    const names = new URLSearchParams({ model: cut(model), images: cut(images) })
    address.hash = `${hash || '#'}${hash && '&'}${names.toString()}`
  }
  return address.href
}

/** Of what is open, or of what a results file is of. */
function namesOf(state: AppState): {
  readonly model: string | undefined
  readonly images: string | undefined
} {
  const alone = aloneOf(state)
  return {
    model: alone?.model.name ?? state.model?.name,
    images: alone?.images.name ?? state.images?.name,
  }
}

/** For whoever has copied one. */
export function copiedText(state: AppState): string {
  const { model, images } = namesOf(state)
  const copied = `The link to ${placeText(state)} is copied.`
  return openProjectOf(state) !== null
    ? `${copied} It opens the model and the images by itself.`
    : `${copied} Whoever follows it is asked to open ${model} and ${images}: the link holds their names only.`
}

/** For whoever has followed one. */
export function needsText(link: Link): string {
  const where = link.model === null ? '' : ` in ${link.model}`
  const images = link.images === null ? '' : ` (${link.images})`
  return `This link shows ${placeText(link)}${where}: open the model and the images${images}.`
}

/** `channel 4 of conv2d_5` */
export function placeText({ layer, channel }: Pick<AppState, 'layer' | 'channel'>): string {
  return channel === null ? String(layer) : `channel ${channel} of ${layer}`
}

/** Escaped, but for what may stand in a query and is easier to read as it is. */
function withinSite(address: string): string {
  const { pathname, search } = new URL(address)
  return encodeURIComponent(pathname + search).replaceAll('%2F', '/')
}

/** Null where what is open is what the link is about, as far as it tells. */
export function otherThanFollowed({ followed, model }: AppState): string | null {
  if (!followed?.model || !model || cut(model.name) === followed.model) return null
  return `The link is about ${followed.model}, and ${model.name} is open.`
}

function cut(name: string): string {
  return name.length > longestName ? name.slice(0, longestName) : name
}
