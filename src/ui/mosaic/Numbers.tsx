/** @file A fold over the numbers that experts ask for. It stays as it was left, and costs nothing while it is folded. */
import { ChevronRight } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { Button } from 'react-aria-components'
import { remember, remembered } from '../common/remembered.ts'

const key = 'urpatch-numbers'

export function Numbers({ children }: { children: ReactNode }) {
  const [isOpen, setOpen] = useState(() => remembered(key) === 'open')
  const id = useId()
  return (
    <div className="numbers">
      <Button
        className="button quiet numbers-button"
        aria-expanded={isOpen}
        aria-controls={id}
        onPress={() => {
          remember(key, isOpen ? 'folded' : 'open')
          setOpen(!isOpen)
        }}
      >
        <ChevronRight size={16} aria-hidden />
        Numbers
      </Button>
      <div id={id} className="numbers-content">
        {isOpen && children}
      </div>
    </div>
  )
}
