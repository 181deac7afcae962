/** @file A suggestion above the mosaics if the model seems to expect other numbers than it gets. */
import { Lightbulb } from 'lucide-react'
import { Button } from 'react-aria-components'
import { rangeLabel } from '../../core/preprocessing/guess/guess.ts'
import { suggestionOf } from '../../state/selectors/inputView.ts'
import { useApp } from '../useApp.ts'
import '../common/banner.css'

export function PreprocessingSuggestion() {
  const guess = useApp(suggestionOf)
  const current = useApp((state) => state.preprocessing)
  const hasResults = useApp((state) => state.results.size > 0)
  const follow = useApp((state) => state.followSuggestion)
  const decline = useApp((state) => state.declineSuggestion)
  const openInputView = useApp((state) => state.openInputView)
  if (!guess) return null
  return (
    <section className="banner" aria-label="Suggestion">
      <Lightbulb size={16} aria-hidden />
      <p>
        This model seems to expect <b>{guess.label}</b>: {guess.reason}.
        {hasResults && ' Using it puts the results so far aside.'}
      </p>
      <div className="row">
        <Button className="button" onPress={follow}>
          Use it
        </Button>
        <Button className="button" onPress={() => openInputView()}>
          Compare
        </Button>
        <Button className="button quiet" onPress={decline}>
          Keep {rangeLabel(current)}
        </Button>
      </div>
    </section>
  )
}
