/** @file Says which model and images a followed link needs, if they are not open. */
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
