/** @file The classes that the network's outputs stand for. */
import { useMemo } from 'react'
import { type ClassOutputs, classOutputs } from '../../core/preprocessing/guess/prediction.ts'
import { provedClasses } from '../../state/selectors/inputView.ts'
import { useApp } from '../useApp.ts'

/** What the outputs stand for: as it was seen on images, as the file says, or as is most likely. */
export function useClasses(): ClassOutputs | null {
  const model = useApp((state) => state.model)!
  const table = useApp((state) => state.images!.table)
  const proved = useApp(provedClasses)
  return useMemo(
    () => proved ?? classOutputs(model.network, model.labels, table)[0] ?? null,
    [proved, model, table],
  )
}
