/** @file Whether what was found is kept in this browser, at the foot of the page. */
import { savedOf } from '../../state/selectors/saved.ts'
import { useApp } from '../useApp.ts'

export function SavedNote() {
  const isSaved = useApp((state) => savedOf(state) === 'saved')
  const problem = useApp((state) => {
    const saved = savedOf(state)
    return saved !== null && saved !== 'saved' ? saved.problem : null
  })
  if (problem !== null) return <b>Not saved in this browser: {problem.replace(/\.$/, '')}.</b>
  return isSaved && <span>· saved in this browser</span>
}
