/** @file A part of the channel's page under a title that folds it. It stays as it was left, also on the next visit. */
import { ChevronRight } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { remember, remembered } from '../../common/remembered.ts'
import './fold.css'

interface Props {
  id: string
  title: string
  /** Whether it is folded until somebody opens it. */
  folded?: boolean
  /** Called if it is open only. A text to stand behind the title, and the content; null: then there is no title either. */
  children: () => { readonly more?: string | undefined; readonly content: ReactNode } | null
}

export function Fold({ id, title, folded = false, children }: Props) {
  const key = `urpatch-fold-${id}`
  const [isOpen, setOpen] = useState(() => (remembered(key) ?? (folded ? 'folded' : 'open')) === 'open')
  const contentId = useId()
  const inside = isOpen ? children() : { content: null }
  if (inside === null) return null
  return (
    <section className="fold" aria-label={title}>
      <h3 className="fold-head">
        <button
          type="button"
          className="disclosure fold-button"
          aria-expanded={isOpen}
          aria-controls={contentId}
          onClick={() => {
            remember(key, isOpen ? 'folded' : 'open')
            setOpen(!isOpen)
          }}
        >
          {title}
          <ChevronRight size={14} aria-hidden />
        </button>
        {inside.more !== undefined && (
          <span className="fold-more muted" title={inside.more}>
            {inside.more}
          </span>
        )}
      </h3>
      <div id={contentId} className="fold-content">
        {inside.content}
      </div>
    </section>
  )
}
