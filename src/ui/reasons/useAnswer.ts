/** @file The answer to a question that takes a while. */
import { useEffect, useRef, useState } from 'react'
import { untilCleanup } from '../common/untilCleanup.ts'
import { useAppStore } from '../useApp.ts'

/**
 * Asks again whenever the question is another object; undefined until it is answered. An answer that nobody waits for any more is
 * dropped, as are its errors; other errors become notices.
 */
export function useAnswer<Q extends object, A>(
  question: Q | null,
  ask: (question: Q) => Promise<A>,
): A | undefined {
  const { getState } = useAppStore()
  const running = useRef<Promise<unknown>>(Promise.resolve())
  const [answered, setAnswered] = useState<{ to: Q; answer: A } | null>(null)
  useEffect(() => {
    if (question === null) return undefined
    return untilCleanup(async (signal) => {
      // Of questions that come while one is answered, only the latest is asked: a run of the network takes a while.
      await running.current
      if (signal.aborted) return
      const asked = ask(question)
      running.current = asked.catch(() => undefined)
      const answer = await asked
      if (!signal.aborted) setAnswered({ to: question, answer })
    }, getState().report)
  }, [question, ask, getState])
  return answered !== null && answered.to === question ? answered.answer : undefined
}
