/** @file Links to a channel: where they lead, and what has to be opened by a person who follows one. */
import { inSentence } from '../../core/shownText.ts'
import type { AppState, Link } from '../appState.ts'
import { isDemoOpen, openProjectOf } from './openProject.ts'
import { aloneOf } from './shown.ts'
import { writeHash } from './urlHash.ts'

/** A link carries so many letters of a name, as it has to fit into a message. */
const longestName = 80

/** Returns null if the address leads to no layer. */
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

/** A link to what is shown: with its project if one is open, else with the names of what has to be opened. */
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

/** The names of the open model and images, or of those of the results file that is shown alone. */
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

/** The sentence after a link was copied. */
export function copiedText(state: AppState): string {
  const { model, images } = namesOf(state)
  const copied = `The link to ${placeText(state)} is copied.`
  return openProjectOf(state) !== null
    ? `${copied} It opens the model and the images by itself.`
    : `${copied} Whoever follows it is asked to open ${inSentence(String(model))} and ${inSentence(String(images))}: the link holds their names only.`
}

/** The sentence after a link was followed. */
export function needsText(link: Link): string {
  const where = link.model === null ? '' : ` in ${inSentence(link.model)}`
  const images = link.images === null ? '' : ` (${inSentence(link.images)})`
  return `This link shows ${placeText(link)}${where}: open the model and the images${images}.`
}

/** `channel 4 of conv2d_5` */
export function placeText({ layer, channel }: Pick<AppState, 'layer' | 'channel'>): string {
  const place = inSentence(String(layer))
  return channel === null ? place : `channel ${channel} of ${place}`
}

/** Escapes the address, but not what may stand in a query and is easier to read as it is. */
function withinSite(address: string): string {
  const { pathname, search } = new URL(address)
  return encodeURIComponent(pathname + search).replaceAll('%2F', '/')
}

/** Returns null if the link is about the open model, as far as its name tells. */
export function otherThanFollowed({ followed, model }: AppState): string | null {
  if (!followed?.model || !model || cut(model.name) === followed.model) return null
  return `The link is about ${inSentence(followed.model)}, and ${inSentence(model.name)} is open.`
}

function cut(name: string): string {
  return name.length > longestName ? name.slice(0, longestName) : name
}
