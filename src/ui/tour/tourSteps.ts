/**
 * @file The texts of the tour, and the points at which it stops. They are about the demo's own network: check them when
 * that is trained anew.
 */
import type { AppState } from '../../state/appState.ts'

/** A point of the page, right above what the step is about. */
export type TourAnchor = 'mosaics' | 'channel' | 'patch' | 'layers'

export interface TourStep {
  readonly anchor: TourAnchor
  readonly title: string
  readonly text: string
  /** Brings to the screen what the step needs. */
  readonly prepare: (state: AppState) => void
  /** Layers that the user can scan from here; the current scan continues after them. */
  readonly layers?: readonly string[]
}

const layer = 'conv2d_5'
/** A channel whose sixteen patches all show the eye of a Siamese cat in the end; this class is scanned late. */
const eye = 16

export const tourSteps: readonly TourStep[] = [
  {
    anchor: 'mosaics',
    title: `Each tile is one channel of ${layer}`,
    text: 'It holds the 16 patches of the images that excite the channel most so far. Mosaics fill while the scan goes on: through 600 of the 3,000 pictures first, then through the rest.',
    prepare: ({ showLayer, showChannel }) => {
      showLayer(layer)
      showChannel(null)
    },
  },
  {
    anchor: 'channel',
    title: `Channel ${eye} looks for eyes`,
    text: 'The longer the scan goes on, the more of its patches are eyes, in the end all blue ones of Siamese cats. Nobody told the network about eyes: it was given pictures and the names of twelve classes.',
    prepare: ({ showLayer, showChannel }) => {
      showLayer(layer)
      showChannel(eye)
    },
  },
  {
    anchor: 'patch',
    title: 'The box is the receptive field',
    text: `A unit of ${layer} does not see the whole image, only these 20×20 pixels: its receptive field, or ur-patch. Nothing outside of the box can change the activation.`,
    prepare({ channel, showLayer, showChannel }) {
      if (channel !== null) return
      showLayer(layer)
      showChannel(eye)
    },
  },
  {
    anchor: 'layers',
    title: 'Early and late layers',
    text: 'A unit of conv2d_2 sees 7×7 pixels: edges and colours. A unit of conv2d_8 sees 46×46: whole faces. The list has all layers; these two can be scanned from here.',
    layers: ['conv2d_2', 'conv2d_8'],
    prepare: ({ showChannel }) => showChannel(null),
  },
]
