/**
 * @file A name that others have given, within a text: it is written so that all of it can be seen, and as its own letters go, from right
 * to left or not, so that it does not turn what stands around it.
 */
import { shownText } from '../../core/shownText.ts'

export function Name({ children }: { children: string }) {
  return <bdi>{shownText(children)}</bdi>
}
