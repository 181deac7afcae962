/** @file Brings the page "What the network sees" when it is opened, not before. */
import { lazy, Suspense } from 'react'
import { inputViewOf } from '../../state/preprocessing.ts'
import { useApp } from '../useApp.ts'

const PreprocessingPage = lazy(() => import('./PreprocessingPage.tsx'))

export function InputView() {
  const isOpen = useApp((state) => inputViewOf(state) !== null)
  if (!isOpen) return null
  return (
    <Suspense>
      <PreprocessingPage />
    </Suspense>
  )
}
