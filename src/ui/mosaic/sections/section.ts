/**
 * @file What a section of the channel's page is; `index.ts` lists them. To add one: a file here, and a line in that list.
 *
 * - Sections stand below each other in the order of the list, in the panel beside the mosaics and on a narrow screen. On
 *   the channel's full page there are two columns: the wide one, and the narrow one for those that are `aside`.
 * - A section with a title folds. It is open until somebody folds it, or the other way round if it says `folded`; the
 *   browser remembers it by its `id`. While it is folded, neither `find` nor the component runs: it costs nothing.
 * - The width that there is comes from `usePanelWidth()` (CSS pixels): it differs from place to place.
 * - What few people open, or what brings a library, is loaded when it is opened: `Late: lazy(() => import('./…'))`.
 * - A title is the name of a region, which checks and screen readers go by (EXPLORER.md §5): it stays as it is.
 */
import type { ComponentType, ReactNode } from 'react'
import type { ImageTable } from '../../../core/images/imageTable.ts'
import type { ReadableResult } from '../../../core/scan/statistics/statistic.ts'
import type { ChosenPatch } from '../useChosenPatch.ts'

/** The open channel. A section that is there at once is rendered with each click, so it has to be quick. */
export interface OpenChannel extends ChosenPatch {
  readonly layer: string
  readonly channel: number
}

/** The results of the open channel. They follow the click and the scan a little late, so that a click is quick. */
export interface KnownChannel {
  readonly layer: string
  readonly channel: number
  readonly result: ReadableResult
  readonly table: ImageTable
}

interface Place {
  readonly id: string
  /** Whether it is folded until somebody opens it. */
  readonly folded?: true
  /** Whether it stands in the narrow column of the full page. */
  readonly aside?: true
}

/** A section that is there at once. Without a title it does not fold. */
export interface Section extends Place {
  readonly title?: string
  readonly Component: ComponentType<OpenChannel>
}

/** A section that comes a little late. `Found` is what it shows. */
export interface LateSection<Found = unknown> extends Place {
  /** A section without a title, which does not fold, is for a sentence in place of another section. */
  readonly title?: string
  /** A text behind the title, if it is open. */
  more?(found: Found): string
  /**
   * Whether the channel has such a section, folded or not; if it is missing, each has. This runs for folded ones too, so
   * it only looks whether something is there.
   */
  applies?(known: KnownChannel): boolean
  /** Returns null if there is nothing to show after all: then nothing is there, not even the title. */
  find(known: KnownChannel): Found | null
  /** If it is there, the section is so many CSS pixels wide, and the next one stands beside it if that is also late. */
  readonly width?: number
  /** The component. */
  Late(props: KnownChannel & { readonly found: Found }): ReactNode
}
