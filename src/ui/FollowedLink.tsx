/** @file What a link needs that was followed to a page without its model and images. */
import { Link2 } from 'lucide-react'
import { needsText } from '../state/selectors/links.ts'
import { useApp } from './useApp.ts'

export function FollowedLink() {
  const link = useApp((state) => state.followed)
  if (!link) return null
  return (
    <p className="followed-link" role="status">
      <Link2 size={16} aria-hidden />
      {needsText(link)}
    </p>
  )
}
