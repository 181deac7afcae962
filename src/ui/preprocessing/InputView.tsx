/** @file Loads the page "What the network sees" when it is opened, and closes it when the user leaves it by Back. */
import { lazy, Suspense, useEffect } from 'react'
import { inputViewOf } from '../../state/selectors/inputView.ts'
import { useApp } from '../useApp.ts'

const PreprocessingPage = lazy(() => import('./PreprocessingPage.tsx'))

export function InputView() {
  const wanted = useApp((state) => state.page === 'input')
  const view = useApp(inputViewOf)
  const isOpen = view !== null
  const open = useApp((state) => state.openInputView)
  const close = useApp((state) => state.closeInputView)
  useEffect(() => {
    if (wanted && !isOpen) open()
    if (!wanted && isOpen) close()
  }, [wanted, isOpen, open, close])
  if (!isOpen || !wanted) return null
  return (
    <Suspense>
      <PreprocessingPage />
    </Suspense>
  )
}
