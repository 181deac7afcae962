/** @file Keeps an error in rendering one part of the page away from the other parts. */
import { Component, type ReactNode } from 'react'
import { Button } from 'react-aria-components'
import { messageOf } from '../../core/errors.ts'

interface Props {
  /** The name of the part, as the subject of a sentence: `The workbench`. */
  what: string
  children: ReactNode
}

export class ErrorBoundary extends Component<Props, { error: unknown }> {
  override state = { error: null as unknown }

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error }
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children
    return (
      <section className="empty" role="alert">
        <p>
          {this.props.what} cannot be shown ({messageOf(this.state.error)}). The scan and its results are not
          affected.
        </p>
        <Button className="button" onPress={() => this.setState({ error: null })}>
          Try again
        </Button>
      </section>
    )
  }
}
