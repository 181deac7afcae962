/** @file The answer to a question that takes a while. */
import { useEffect, useState } from 'react'
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
  const [answered, setAnswered] = useState<{ to: Q; answer: A } | null>(null)
  useEffect(() => {
    if (question === null) return undefined
    return untilCleanup(async (signal) => {
      const answer = await ask(question)
      if (!signal.aborted) setAnswered({ to: question, answer })
    }, getState().report)
  }, [question, ask, getState])
  return answered !== null && answered.to === question ? answered.answer : undefined
}
