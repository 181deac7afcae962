/**
 * @file The view in the address bar: `#layer=conv2d_5&channel=17&patch=3`, so that every channel has a link, and `#image=cat/1.png`
 * for the page of an image.
 */
import { changeOrders } from '../../core/compare/change.ts'
import { type Comparing, nothingChosen } from '../../core/compare/comparing.ts'
import { channelSorts } from '../../core/mosaic/channelOrder.ts'
import { type Finding, nothingSought, type Range } from '../../core/mosaic/finding.ts'
import type { AppState, Page } from '../appState.ts'

export const pages: readonly Page[] = [
  'summary',
  'trace',
  'input',
  'keys',
  'pytorch',
  'probe',
  'finder',
  'notes',
  'compare',
]

/** The view that a layer is shown in until another is chosen. */
export const firstView = 'mosaics'

type Linked = Pick<
  AppState,
  | 'layer'
  | 'channel'
  | 'patch'
  | 'full'
  | 'alikeOnce'
  | 'page'
  | 'image'
  | 'view'
  | 'sort'
  | 'reversed'
  | 'hideDead'
  | 'bestClass'
  | 'noted'
  | 'finding'
  | 'comparing'
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
    alikeOnce: fields.get('alike') === 'once',
    page: fields.has('image') ? 'image' : (pages.find((page) => page === fields.get('page')) ?? null),
    image: fields.get('image'),
    view: fields.get('view') ?? firstView,
    sort: channelSorts.find((sort) => sort === fields.get('sort')) ?? channelSorts[0],
    reversed: fields.get('order') === 'reversed',
    hideDead: fields.get('dead') === 'hidden',
    bestClass: fields.get('best'),
    noted: fields.get('notes') || null,
    finding: readFinding(fields),
    comparing: readComparing(fields),
  }
}

/** Writes only what differs from a fresh page. */
export function writeHash({
  layer,
  channel,
  patch,
  full,
  alikeOnce,
  page,
  view,
  image,
  sort,
  reversed,
  hideDead,
  bestClass,
  noted,
  finding,
  comparing,
}: Linked): string {
  const fields = new URLSearchParams()
  if (layer !== null) fields.set('layer', layer)
  if (channel !== null) fields.set('channel', String(channel))
  if (channel !== null && patch > 0) fields.set('patch', String(patch))
  if (view !== firstView) fields.set('view', view)
  if (channel !== null && full) fields.set('width', 'full')
  if (alikeOnce) fields.set('alike', 'once')
  if (sort !== channelSorts[0]) fields.set('sort', sort)
  if (reversed) fields.set('order', 'reversed')
  if (hideDead) fields.set('dead', 'hidden')
  if (bestClass !== null) fields.set('best', bestClass)
  if (noted !== null) fields.set('notes', noted)
  writeFinding(finding, fields)
  if (page === 'compare') writeComparing(comparing, fields)
  if (page === 'image') fields.set('image', image ?? '')
  else if (page !== null) fields.set('page', page)
  const text = fields.toString()
  return text && `#${text}`
}

/** `range=fires_0.5_&range=choosy_0.2_0.8`: a bound that is not there is empty. */
const rangeText = /^([a-z]+)_([^_]*)_([^_]*)$/

function readFinding(fields: URLSearchParams): Finding {
  const ranges: Record<string, Range> = {}
  for (const text of fields.getAll('range')) {
    const [, id, from, to] = rangeText.exec(text) ?? []
    if (id !== undefined) ranges[id] = [bound(from!), bound(to!)]
  }
  const finding = {
    text: fields.get('find') ?? '',
    ranges,
    column: fields.get('by'),
    isReversed: fields.get('rows') === 'reversed',
    ofClass: fields.get('for'),
  }
  const isAny =
    finding.text ||
    finding.column !== null ||
    finding.isReversed ||
    finding.ofClass !== null ||
    Object.keys(ranges).length > 0
  return isAny ? finding : nothingSought
}

function bound(text: string): number | null {
  const value = Number(text)
  return text.trim() === '' || !Number.isFinite(value) ? null : value
}

function writeFinding({ text, ranges, column, isReversed, ofClass }: Finding, fields: URLSearchParams): void {
  if (text !== '') fields.set('find', text)
  for (const [id, [from, to]] of Object.entries(ranges))
    fields.append('range', `${id}_${from ?? ''}_${to ?? ''}`)
  if (column !== null) fields.set('by', column)
  if (isReversed) fields.set('rows', 'reversed')
  if (ofClass !== null) fields.set('for', ofClass)
}

/** `compare=matched&change=images&only=born&of=conv2d_5&pair=17&scans=0-3&step=2` */
function readComparing(fields: URLSearchParams): Comparing {
  const [, before, after] = /^(\d*)-(\d*)$/.exec(fields.get('scans') ?? '') ?? []
  const position = (text: string | null | undefined): number | null =>
    text && /^\d+$/.test(text) ? Number(text) : null
  const pair = fields.get('pair')
  return {
    layer: fields.get('of'),
    pair: pair !== null && /^\+?\d+$/.test(pair) ? pair : null,
    matched: fields.get('compare') === 'matched',
    order: changeOrders.find((order) => order === fields.get('change')) ?? nothingChosen.order,
    only: fates.find((fate) => fate === fields.get('only')) ?? null,
    before: position(before),
    after: position(after),
    step: position(fields.get('step')),
  }
}

const fates = ['born', 'died'] as const

function writeComparing(
  { layer, pair, matched, order, only, before, after, step }: Comparing,
  fields: URLSearchParams,
): void {
  if (matched) fields.set('compare', 'matched')
  if (order !== nothingChosen.order) fields.set('change', order)
  if (only !== null) fields.set('only', only)
  if (layer !== null) fields.set('of', layer)
  if (pair !== null) fields.set('pair', pair)
  if (before !== null || after !== null) fields.set('scans', `${before ?? ''}-${after ?? ''}`)
  if (step !== null) fields.set('step', String(step))
}
