/** @file The table of the receptive field layer by layer, as one would compute it by hand. */
import type { Network } from '../../core/model/network.ts'
import type { RecurrenceRow } from '../../core/model/trace.ts'
import { formatExtent, formatPadding, formatPair } from '../common/format.ts'
import { howItGrows } from './recurrenceText.ts'
import { Name } from '../common/Name.tsx'

interface Props {
  network: Network
  /** The rows of all layers from the input on: the texts need also those that are not shown. */
  rows: readonly RecurrenceRow[]
  /** The layers to show. */
  shown: ReadonlySet<number>
}

export function RecurrenceTable({ network, rows, shown }: Props) {
  return (
    <table className="layer-table recurrence" aria-label="Recurrence of the receptive field">
      <thead>
        <tr>
          <th scope="col">Layer</th>
          <th scope="col">Kernel</th>
          <th scope="col">Stride</th>
          <th scope="col">Padding</th>
          <th scope="col" className="number" title="Pixels of the input from one unit to the next">
            Step
          </th>
          <th scope="col" className="number" title="Pixels of the input that one unit depends on">
            Field
          </th>
          <th scope="col" className="number" title="First pixel of unit 0; negative in the padding">
            Start
          </th>
          <th scope="col">How the field follows</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => {
          if (!shown.has(row.layer)) return null
          const { kernel, stride, dilation, padding, jump, size, start, whole } = row
          const dilated = dilation[0] > 1 || dilation[1] > 1
          return (
            <tr key={row.layer}>
              <th scope="row">
                <Name>{network.layers[row.layer]!.name}</Name>
              </th>
              <td>
                {kernel && formatExtent(kernel)}
                {dilated && <span className="muted"> dilated {formatPair(dilation)}</span>}
              </td>
              <td>{stride && formatPair(stride)}</td>
              <td>{padding && formatPadding(padding)}</td>
              <td className="number">{whole ? '' : formatPair(jump)}</td>
              <td className="number">{whole ? 'whole image' : formatExtent(size)}</td>
              <td className="number">{whole ? '' : start.join(', ')}</td>
              <td className="muted">{howItGrows(network, rows, i)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
