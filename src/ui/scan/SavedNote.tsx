/** @file A note at the foot of the page that says whether the results are kept in this browser. */
import { savedOf } from '../../state/selectors/saved.ts'
import { useApp } from '../useApp.ts'

export function SavedNote() {
  const isSaved = useApp((state) => savedOf(state) === 'saved')
  const problem = useApp((state) => {
    const saved = savedOf(state)
    return saved !== null && saved !== 'saved' ? saved.problem : null
  })
  if (problem !== null)
    return (
      <>
        ·{' '}
        <b>
          Not saved in this browser<span className="saved-reason">: {problem.replace(/\.$/, '')}</span>.
        </b>
      </>
    )
  return isSaved && <span>· saved in this browser</span>
}
