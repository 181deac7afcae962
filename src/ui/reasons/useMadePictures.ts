/** @file Makes the pictures that a channel's page shows, one after the other, until they are all there. */
import { useEffect, useState } from 'react'
import { messageOf } from '../../core/errors.ts'
import type { PictureWish } from '../../state/appState.ts'
import type { MadePicture } from '../../state/reasons/madePictures.ts'
import { useApp, useAppStore } from '../useApp.ts'

export interface MadePictures {
  /** Each as far as it is made, in the order of the wishes. */
  readonly made: readonly (MadePicture | null)[]
  /** What is wrong, in a sentence. */
  readonly problem: string | null
}

/** While a channel is passed by with the arrow keys, nothing begins. */
const pauseMs = 250

/** `key` stands for the wishes. */
export function useMadePictures(
  wishes: readonly PictureWish[],
  key: string,
  isPaused: boolean,
): MadePictures {
  const { getState } = useAppStore()
  // Whatever else the pictures depend on.
  const model = useApp((state) => state.model)
  const images = useApp((state) => state.images)
  const preprocessing = useApp((state) => state.preprocessing)
  const [found, setFound] = useState<{ readonly key: string } & MadePictures>({
    key,
    made: [],
    problem: null,
  })
  useEffect(() => {
    const own = new AbortController()
    const { signal } = own
    const made = wishes.map((wish) => getState().knownPicture(wish))
    const tell = (problem: string | null = null): void => {
      if (!signal.aborted) setFound({ key, made: [...made], problem })
    }
    tell()
    const makeAll = async (): Promise<void> => {
      for (const [i, wish] of wishes.entries()) {
        if (signal.aborted) return
        if (made[i]?.outcome) continue
        const end = await getState().makePicture(wish, signal, (now) => {
          made[i] = now
          tell()
        })
        if (end) made[i] = end
      }
      tell()
    }
    const timer = setTimeout(() => {
      if (!isPaused) makeAll().catch((error: unknown) => tell(messageOf(error)))
    }, pauseMs)
    return () => {
      clearTimeout(timer)
      own.abort()
    }
    // The key stands for the wishes.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [key, isPaused, model, images, preprocessing, getState])
  return found.key === key ? found : { made: [], problem: null }
}
