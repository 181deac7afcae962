/** @file Sets the size of the input, for models that leave it open. */
import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { Button, Dialog, DialogTrigger } from 'react-aria-components'
import type { Pair } from '../../core/model/network.ts'
import { largestInput } from '../../core/model/inputSize.ts'
import { formatExtent } from '../common/format.ts'
import { PairField } from '../common/PairField.tsx'
import { DialogPopover } from '../common/DialogPopover.tsx'
import { useApp } from '../useApp.ts'

export function InputSizeMenu() {
  const [rows, columns] = useApp((state) => state.model!.network.inputShape)
  const opening = useApp((state) => state.openingModel !== null)
  const setInputSize = useApp((state) => state.setInputSize)
  const [size, setSize] = useState<Pair>([rows, columns])
  return (
    <DialogTrigger>
      <Button className="button quiet" aria-label={`Input size ${formatExtent([rows, columns])}`}>
        {formatExtent([rows, columns])}
        <ChevronDown size={14} aria-hidden />
      </Button>
      <DialogPopover>
        <Dialog className="dialog" aria-label="Input size">
          {({ close }) => (
            <form
              className="input-size"
              onSubmit={(event) => {
                event.preventDefault()
                close()
                void setInputSize(size)
              }}
            >
              <p className="muted">
                This model leaves the size of its input open. Another size opens it again, and the results go.
              </p>
              <div className="row">
                <PairField
                  label="Input size"
                  value={size}
                  min={1}
                  max={[largestInput, largestInput]}
                  onChange={setSize}
                />
                <Button className="button primary" type="submit" isDisabled={opening}>
                  Apply
                </Button>
              </div>
            </form>
          )}
        </Dialog>
      </DialogPopover>
    </DialogTrigger>
  )
}
