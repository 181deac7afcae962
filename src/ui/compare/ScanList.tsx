/** @file The scans that are compared, each with what makes it differ from the first. */
import { X } from 'lucide-react'
import { inSentence } from '../../core/shownText.ts'
import type { Comparison } from '../../state/compare/compared.ts'
import { differenceFrom } from '../../state/compare/comparison.ts'
import { formatCount } from '../common/format.ts'
import { IconButton } from '../common/IconButton.tsx'
import { useApp } from '../useApp.ts'
import { Name } from '../common/Name.tsx'

export function ScanList({ scans }: Pick<Comparison, 'scans'>) {
  const dropScan = useApp((state) => state.dropScan)
  return (
    <ul className="compare-scans" aria-label="Scans">
      {scans.map((scan) => {
        const { read, file } = scan.parts[0]!
        const difference = differenceFrom(scans[0]!, scan)
        return (
          <li key={scan.id} title={`${inSentence(read.model.name)}, ${inSentence(file.name)}`}>
            <b>
              <Name>{scan.name}</Name>
            </b>
            <span className="muted">{formatCount(read.images.scanned)} images</span>
            {difference !== null && <span className="compare-differs">{difference}</span>}
            <IconButton
              label={`Take ${inSentence(scan.name)} out`}
              className="icon-button"
              onPress={() => void dropScan(scan.id)}
            >
              <X size={14} />
            </IconButton>
          </li>
        )
      })}
    </ul>
  )
}
