/** @file Chooses the class whose channels are shown: those of which it is the best; nothing if there are no two classes. */
import { bestClassOf } from '../../state/selectors/shownOrder.ts'
import { tableOf } from '../../state/selectors/shown.ts'
import { Choice } from '../common/Choice.tsx'
import { useApp } from '../useApp.ts'

/** Stands for any class, as no class has an empty name. */
const anyClass = ''

interface Props {
  label: string
  /** Whether the label is shown; if not, `any` says what is chosen. */
  showLabel?: boolean
  any?: string
}

export function ClassChoice({ label, showLabel = true, any = 'any' }: Props) {
  const bestClass = useApp((state) => (bestClassOf(state) === null ? anyClass : state.bestClass!))
  const classNames = useApp((state) => tableOf(state)?.classNames)
  const setView = useApp((state) => state.setView)
  if (!classNames || classNames.length < 2) return null
  return (
    <Choice
      label={label}
      showLabel={showLabel}
      value={bestClass}
      options={[
        { id: anyClass, text: any },
        ...classNames.filter((name) => name !== anyClass).map((name) => ({ id: name, text: name })),
      ]}
      onChange={(value) => setView({ bestClass: value === anyClass ? null : value })}
    />
  )
}
