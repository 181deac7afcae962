/** @file Figures of channels to save: pictures, and drawings for a paper. */
import type { FigureFormat } from '../../core/mosaic/figureFormats.ts'
import type { AppState } from '../appState.ts'
import { resultOf } from '../selectors/shown.ts'
import type { Exporter, FigureChoice } from './exporter.ts'

const hasLayer = (state: AppState): boolean =>
  state.images !== null && resultOf(state, state.layer) !== undefined

async function makeFigure(
  format: FigureFormat,
  figure: FigureChoice,
  ...[state, services, options]: Parameters<Exporter['make']>
): ReturnType<Exporter['make']> {
  const { figureFiles } = await import('./figureFiles.ts')
  return figureFiles(state, services, { ...options, figure }, format)
}

export const channelPicture: Exporter = {
  id: 'channel',
  label: 'Picture of this channel (PNG)',
  ending: '.png',
  isWhole: false,
  applies: (state) => hasLayer(state) && state.channel !== null,
  make: (state, ...rest) =>
    makeFigure('png', { layers: [state.layer!], channels: [state.channel!] }, state, ...rest),
  nothing: 'There is no picture to save: the channel is dead.',
}

export const layerPictures: Exporter = {
  id: 'channels',
  label: 'Picture of all channels (PNG)',
  ending: '.png',
  isWhole: false,
  applies: hasLayer,
  make: (state, ...rest) => makeFigure('png', { layers: [state.layer!], channels: null }, state, ...rest),
  nothing: 'There is no picture to save: all channels are dead.',
}

/** What the options choose, as a file of this format; all that was scanned if they choose nothing. */
export const figureExporters: Readonly<Record<FigureFormat, Exporter>> = {
  svg: figureExporter('svg', 'Figure (SVG)'),
  pdf: figureExporter('pdf', 'Figure (PDF)'),
  png: { ...figureExporter('png', 'Figure (PNG)'), isWhole: false },
}

function figureExporter(format: FigureFormat, label: string): Exporter {
  return {
    id: format,
    label,
    ending: `.${format}`,
    isWhole: true,
    isFigure: true,
    applies: (state) => state.images !== null && scannedSome(state),
    make: (state, services, options) =>
      makeFigure(format, options.figure ?? { layers: null, channels: null }, state, services, options),
    nothing: 'There is no figure to save: no images are open, or all channels are dead.',
  }
}

function scannedSome({ results, recorded }: AppState): boolean {
  return results.size > 0 || (recorded?.layers.length ?? 0) > 0
}
