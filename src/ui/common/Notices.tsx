/** @file Sentences at the foot of the page: errors stay until they are closed. */
import { X } from 'lucide-react'
import { Button } from 'react-aria-components'
import { useApp } from '../useApp.ts'

export function Notices() {
  const notices = useApp((state) => state.notices)
  const dismiss = useApp((state) => state.dismiss)
  return (
    <div className="notices" role="status" aria-live="polite">
      {notices.map(({ id, kind, text, action }) => (
        <div key={id} className="notice" data-kind={kind}>
          <p>{text}</p>
          {action && (
            <Button
              className="button"
              onPress={() => {
                dismiss(id)
                action.run()
              }}
            >
              {action.label}
            </Button>
          )}
          <Button aria-label="Dismiss" className="icon-button" onPress={() => dismiss(id)}>
            <X size={16} />
          </Button>
        </div>
      ))}
    </div>
  )
}
