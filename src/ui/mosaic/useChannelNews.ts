/** @file The news of a channel, a little later than the store has it. */
import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import type { AppState } from '../../state/appState.ts'
import { resultOf } from '../../state/selectors/shown.ts'
import { dropTurn, inTurn } from '../common/turns.ts'
import { useAppStore } from '../useApp.ts'

export interface ChannelNews {
  readonly layer: string
  readonly channel: number
  readonly result: ReadableResult | undefined
  readonly version: number
}

/**
 * A report of a scan changes every channel of a layer. A screen full of tiles that all follow at once holds the page for
 * longer than a person waits for a click, so they follow one after the other.
 */
export function useChannelNews(layer: string, channel: number): ChannelNews {
  const { getState, subscribe } = useAppStore()
  const [seen, setSeen] = useState(() => newsOf(getState(), layer, channel))

  useEffect(() => {
    let shown: ChannelNews | null = null
    const follow = (): void => {
      const news = newsOf(getState(), layer, channel)
      if (shown && isSame(news, shown)) return
      shown = news
      // It is rendered at once, so that the turn measures how long it takes; what is on the page already is not rendered again.
      flushSync(() => setSeen((before) => (isSame(news, before) ? before : news)))
    }
    const check = (): void => {
      if (!shown || !isSame(newsOf(getState(), layer, channel), shown)) inTurn(follow)
    }
    // Takes in what has come between rendering and now.
    check()
    const unsubscribe = subscribe(check)
    return () => {
      unsubscribe()
      dropTurn(follow)
    }
  }, [layer, channel, getState, subscribe])
  // A tile that now shows another channel does so at once.
  return seen.layer === layer && seen.channel === channel ? seen : newsOf(getState(), layer, channel)
}

function newsOf(state: AppState, layer: string, channel: number): ChannelNews {
  const result = resultOf(state, layer)
  return { layer, channel, result, version: result?.versions[channel] ?? 0 }
}

function isSame(a: ChannelNews, b: ChannelNews): boolean {
  return a.layer === b.layer && a.channel === b.channel && a.result === b.result && a.version === b.version
}
