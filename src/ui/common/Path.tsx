/** @file A path within a text, which goes on in the next line behind a `/` rather than in the middle of a name. */
import { Fragment } from 'react'
import { shownText } from '../../core/shownText.ts'

export function Path({ children }: { children: string }) {
  const [first, ...rest] = shownText(children).split('/')
  return (
    <bdi>
      {first}
      {rest.map((part, depth) => (
        <Fragment key={depth}>
          /<wbr />
          {part}
        </Fragment>
      ))}
    </bdi>
  )
}
