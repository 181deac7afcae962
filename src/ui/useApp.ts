/** @file The store in React. */
import { createContext, use } from 'react'
import { useStore } from 'zustand'
import type { AppState } from '../state/appState.ts'
import type { AppStore } from '../state/store.ts'

export const StoreContext = createContext<AppStore | null>(null)

export function useAppStore(): AppStore {
  const store = use(StoreContext)
  if (!store) throw new Error('there is no StoreContext')
  return store
}

/** What the selector picks; renders again when that changes, so it must not build anything new. */
export function useApp<T>(selector: (state: AppState) => T): T {
  return useStore(useAppStore(), selector)
}
