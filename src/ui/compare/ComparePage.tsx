/** @file The page on which scans of the same images stand side by side, channel by channel. */
import { Plus } from 'lucide-react'
import { useMemo } from 'react'
import { Button, Switch } from 'react-aria-components'
import { type Change, type ChangeOrder, changeOf, sortChanges } from '../../core/compare/change.ts'
import type { ComparedScan, Comparison } from '../../state/compare/compared.ts'
import type { LayerRow } from '../../state/compare/comparison.ts'
import { bytesOf, layerRows } from '../../state/compare/comparison.ts'
import { seriesLeft } from '../../state/selectors/series.ts'
import { resultsShown } from '../../state/selectors/shown.ts'
import { Choice } from '../common/Choice.tsx'
import { usePickers } from '../common/FileInputs.tsx'
import { ModalHead } from '../common/ModalHead.tsx'
import { ModalPage } from '../common/ModalPage.tsx'
import { useApp, useAppStore } from '../useApp.ts'
import { channelsOf, pairId } from './comparedRow.ts'
import { PairDetails } from './PairDetails.tsx'
import { PairRows } from './PairRows.tsx'
import { ScanList } from './ScanList.tsx'
import { SeriesText } from './SeriesText.tsx'
import { usePairs } from './usePairs.ts'
import { Name } from '../common/Name.tsx'
import './compare.css'

export default function ComparePage() {
  const showPage = useApp((state) => state.showPage)
  const comparison = useApp((state) => state.comparison)
  // On a narrow screen an open channel has all the room.
  const isOne = useApp((state) => state.comparing.pair !== null && state.comparison.scans.length > 1)
  const { scans } = comparison
  const megabytes = Math.ceil(scans.reduce((sum, scan) => sum + bytesOf(scan), 0) / 2 ** 20)
  return (
    <ModalPage
      onClose={() => showPage(null)}
      className="roomy-modal"
      dialogClassName={isOne ? 'compare-one' : ''}
    >
      <ModalHead title="Compare">
        {scans.length > 0 && (
          <span className="muted" title="As long as this tab is open">
            {scans.length === 1 ? 'One scan' : `${scans.length} scans`}, {megabytes.toLocaleString('en')} MB
            in memory
          </span>
        )}
      </ModalHead>
      <Sources comparison={comparison} />
      {scans.length > 1 && <Layers comparison={comparison} />}
    </ModalPage>
  )
}

/** What is compared, and how more comes in. */
function Sources({ comparison }: { comparison: Comparison }) {
  const { getState } = useAppStore()
  const { pickImages } = usePickers()
  const hasResults = useApp((state) => resultsShown(state).size > 0)
  const hasImages = useApp((state) => state.images !== null)
  const isSeriesLeft = useApp(
    (state) => seriesLeft(state).length > 0 || state.series?.some(({ status }) => status === 'failed'),
  )
  const { scans } = comparison
  return (
    <div className="compare-sources">
      {isSeriesLeft && <SeriesText hasRun />}
      {scans.length < 2 && (
        <p className="compare-how">
          Scans of the same images stand side by side here: the checkpoints of a training, the network before
          and after it, or two networks. Drop several checkpoints at once, and Run scans one after the other;
          or drop several snapshots (.urpatch) or results files; or keep a scan, open another model, and keep
          its scan too.
        </p>
      )}
      <div className="row">
        {scans.length > 0 && <ScanList scans={scans} />}
        {hasResults && (
          <Button className="button quiet" onPress={() => void getState().keepScan()}>
            <Plus size={16} aria-hidden /> Keep the scan on the page
          </Button>
        )}
        {scans.length > 0 && !hasImages && (
          <Button className="button" onPress={pickImages}>
            Open the images to see the mosaics
          </Button>
        )}
      </div>
    </div>
  )
}

function Layers({ comparison }: { comparison: Comparison }) {
  const { scans } = comparison
  const comparing = useApp((state) => state.comparing)
  const setComparing = useApp((state) => state.setComparing)
  const layerOfPage = useApp((state) => state.layer)
  const last = scans.length - 1
  const within = (position: number | null, usual: number): number =>
    position !== null && position <= last ? position : usual
  const before = within(comparing.before, 0)
  const after = within(comparing.after, last)
  const rows = useMemo(() => layerRows(comparison, before), [comparison, before])
  // A layer can be chosen that both scans have.
  const fitting = rows.filter((row) => row[after] !== null)
  const named = (name: string | null): LayerRow | undefined =>
    fitting.find((row) => row[before]!.name === name)
  const layers = named(comparing.layer) ?? named(layerOfPage) ?? fitting[0]
  const options = scans.map(({ name }, id) => ({ id, text: name }))
  return (
    <>
      <div className="compare-tools" role="group" aria-label="What is compared">
        {layers && (
          <Choice
            label="Layer"
            value={layers[before]!.name}
            options={fitting.map((row) => ({
              id: row[before]!.name,
              text: layerText(row[before]!.name, row[after]!.name),
            }))}
            onChange={(layer) => setComparing({ layer, pair: null, step: null })}
          />
        )}
        {scans.length > 2 && (
          <>
            <Choice
              label="Before"
              showLabel
              value={before}
              options={options}
              onChange={(at) => setComparing({ before: at, pair: null })}
            />
            <Choice
              label="After"
              showLabel
              value={after}
              options={options}
              onChange={(at) => setComparing({ after: at })}
            />
          </>
        )}
        <Switch
          className="switch"
          isSelected={comparing.matched}
          onChange={(matched) => setComparing({ matched, pair: null })}
        >
          <span className="switch-track" aria-hidden />
          Match channels by correlation
        </Switch>
        <Choice
          label="Order"
          value={comparing.order}
          options={[
            { id: 'changed', text: 'Changed most' },
            { id: 'images', text: 'Fewest top images kept' },
            { id: 'number', text: 'Number' },
          ]}
          onChange={(order) => setComparing({ order })}
        />
      </div>
      {layers ? (
        <Pairs
          key={scans.map(({ id }) => id).join()}
          comparison={comparison}
          layers={layers}
          at={{ before, after }}
        />
      ) : (
        <p className="empty">
          <Name>{scans[before]!.name}</Name> and <Name>{scans[after]!.name}</Name> have no scanned layer in
          common. Scan the same layer of both.
        </p>
      )}
    </>
  )
}

function layerText(before: string, after: string): string {
  return before === after ? before : `${before} ↔ ${after}`
}

interface PairsProps {
  comparison: Comparison
  layers: LayerRow
  at: { readonly before: number; readonly after: number }
}

function Pairs({ comparison, layers, at }: PairsProps) {
  const { scans } = comparison
  const { before, after } = at
  const { matched, order, only, pair, step } = useApp((state) => state.comparing)
  const setComparing = useApp((state) => state.setComparing)
  const k = useApp((state) => state.k)
  // The one that the order depends on comes first.
  const others = useMemo(() => [layers[after]!, ...layers], [layers, after])
  const [main, ...pairs] = usePairs(layers[before]!, others, matched)
  const [one, other] = [layers[before]!.result, layers[after]!.result]
  const changes = useMemo(
    () => main?.pairs.map((found) => changeOf(found, one, other, k)) ?? null,
    [main, one, other, k],
  )
  const shown = useMemo(
    () =>
      changes && sortChanges(only === null ? changes : changes.filter(({ fate }) => fate === only), order),
    [changes, only, order],
  )
  if (!changes || !shown)
    return (
      <p className="empty" role="status">
        {matched ? 'Matching the channels' : 'Comparing the channels'} of <Name>{layers[before]!.name}</Name>…
      </p>
    )
  const open = changes.find((change) => pairId(change) === pair)
  return (
    <>
      <Counts changes={changes} images={main!.images} at={at} scans={scans} />
      <div className="compare-body" data-open={open ? true : undefined}>
        {shown.length === 0 ? (
          <p className="empty">No channel is {only === 'born' ? 'born' : 'dead that was not'}.</p>
        ) : (
          <PairRows
            scans={scans}
            layers={layers}
            pairs={pairs}
            at={at}
            changes={shown}
            open={open ? pair : null}
            onOpen={(id) => setComparing({ pair: id })}
          />
        )}
        {open && (
          <PairDetails
            comparison={comparison}
            layers={layers}
            change={open}
            channels={channelsOf(open, pairs, at)}
            at={at}
            step={step !== null && step < scans.length ? step : after}
          />
        )}
      </div>
    </>
  )
}

interface CountsProps {
  changes: readonly Change[]
  /** The number of images over which channels are correlated. */
  images: number
  at: PairsProps['at']
  scans: readonly ComparedScan[]
}

function Counts({ changes, images, at, scans }: CountsProps) {
  const only = useApp((state) => state.comparing.only)
  const order = useApp((state) => state.comparing.order)
  const setComparing = useApp((state) => state.setComparing)
  const [born, died] = (['born', 'died'] as const).map(
    (wanted) => changes.filter(({ fate }) => fate === wanted).length,
  )
  const toggle = (fate: 'born' | 'died', count: number) => (
    <Button
      className="button quiet compare-chip"
      aria-pressed={only === fate}
      isDisabled={count === 0 && only !== fate}
      onPress={() => setComparing({ only: only === fate ? null : fate })}
    >
      {count} {fate}
    </Button>
  )
  return (
    <p className="compare-counts muted">
      {changes.length.toLocaleString('en')} channels, from <Name>{scans[at.before]!.name}</Name> to{' '}
      <Name>{scans[at.after]!.name}</Name>. {toggle('born', born!)} {toggle('died', died!)}{' '}
      <span className="compare-explained">{explanation(order, images)}</span>
    </p>
  )
}

/** What r is, and how channels are ordered. `images` is the number of images over which they are correlated. */
function explanation(order: ChangeOrder, images: number): string {
  if (images === 0)
    return 'Correlations are not known, as results files do not have the maxima: compare snapshots to have them.'
  const orders = {
    changed: '; born and dead channels first, then the lowest r',
    images: '; channels that keep the fewest of their top images first',
    number: '',
  }
  return `r: correlation of the images’ maxima over a sample of ${images.toLocaleString('en')} images${orders[order]}.`
}
