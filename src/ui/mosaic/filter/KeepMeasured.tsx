/** @file Measures the shown layer as long as channels are chosen by their measures, also while no histogram is shown. */
import { useMemo } from 'react'
import { measured, measuredTable } from '../../../state/selectors/measured.ts'
import { useKeptWork } from '../useKeptWork.ts'

export default function KeepMeasured({ layer }: { layer: string }) {
  const names = useMemo(() => [layer], [layer])
  useKeptWork(measured, names, measuredTable)
  return null
}
