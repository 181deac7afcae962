/**
 * @file The view in the address bar: `#layer=conv2d_5&channel=17&patch=3`, so that every channel has a link, and `#image=cat/1.png`
 * for the page of an image.
 */
import { channelSorts } from '../../core/mosaic/channelOrder.ts'
import type { AppState, Page } from '../appState.ts'

export const pages: readonly Page[] = ['summary', 'trace', 'input', 'keys', 'pytorch', 'probe']

/** The view that a layer is shown in until another is chosen. */
export const firstView = 'mosaics'

type Linked = Pick<
  AppState,
  | 'layer'
  | 'channel'
  | 'patch'
  | 'full'
  | 'page'
  | 'image'
  | 'view'
  | 'sort'
  | 'reversed'
  | 'hideDead'
  | 'bestClass'
  | 'noted'
>

export function readHash(hash: string): Linked {
  const fields = new URLSearchParams(hash.replace(/^#/, ''))
  const whole = (name: string): number | null => {
    const text = fields.get(name)
    return text !== null && /^\d+$/.test(text) ? Number(text) : null
  }
  const channel = fields.has('layer') ? whole('channel') : null
  return {
    layer: fields.get('layer'),
    channel,
    patch: whole('patch') ?? 0,
    full: channel !== null && fields.get('width') === 'full',
    page: fields.has('image') ? 'image' : (pages.find((page) => page === fields.get('page')) ?? null),
    image: fields.get('image'),
    view: fields.get('view') ?? firstView,
    sort: channelSorts.find((sort) => sort === fields.get('sort')) ?? channelSorts[0],
    reversed: fields.get('order') === 'reversed',
    hideDead: fields.get('dead') === 'hidden',
    bestClass: fields.get('best'),
    noted: fields.get('notes') || null,
  }
}

/** Writes only what differs from a fresh page. */
export function writeHash({
  layer,
  channel,
  patch,
  full,
  page,
  view,
  image,
  sort,
  reversed,
  hideDead,
  bestClass,
  noted,
}: Linked): string {
  const fields = new URLSearchParams()
  if (layer !== null) fields.set('layer', layer)
  if (channel !== null) fields.set('channel', String(channel))
  if (channel !== null && patch > 0) fields.set('patch', String(patch))
  if (view !== firstView) fields.set('view', view)
  if (channel !== null && full) fields.set('width', 'full')
  if (sort !== channelSorts[0]) fields.set('sort', sort)
  if (reversed) fields.set('order', 'reversed')
  if (hideDead) fields.set('dead', 'hidden')
  if (bestClass !== null) fields.set('best', bestClass)
  if (noted !== null) fields.set('notes', noted)
  if (page === 'image') fields.set('image', image ?? '')
  else if (page !== null) fields.set('page', page)
  const text = fields.toString()
  return text && `#${text}`
}
