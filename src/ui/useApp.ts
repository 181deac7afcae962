/** @file Gives React components the store. */
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

/**
 * Returns what the selector picks from the state, and renders again when that changes. So the selector must not return a
 * new object each time.
 */
export function useApp<T>(selector: (state: AppState) => T): T {
  return useStore(useAppStore(), selector)
}
