/** @file What a section of the channel's panel is; `index.ts` lists them. */
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

/** A section that is there at once. */
export interface Section {
  readonly id: string
  readonly Component: ComponentType<OpenChannel>
}

/** A section that comes a little late. `Found` is what it shows. */
export interface LateSection<Found = unknown> {
  readonly id: string
  readonly title?: string
  /** A text behind the title. */
  more?(found: Found): string
  /** Returns null if there is nothing to show. */
  find(known: KnownChannel): Found | null
  /** The component. */
  Late(props: KnownChannel & { readonly found: Found }): ReactNode
}
