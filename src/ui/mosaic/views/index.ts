/** @file The views of a layer, in the order of their tabs; the first one is shown if nothing else is asked for. */
import { map } from './map.tsx'
import { classes } from './classes.tsx'
import { mosaics } from './mosaics.tsx'
import { table } from './table.tsx'
import type { LayerView } from './view.ts'

export const views: readonly [LayerView, ...LayerView[]] = [mosaics, map, classes, table]
