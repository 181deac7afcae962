/** @file The network's mean outputs before and after a change: over all images, and over those of each class. */
import { mostChanged, type MeanOutputs as Means, type OverImages } from '../../core/reasons/overImages.ts'
import { meanTexts } from './outputText.ts'

/** Outputs over all images and of each class, and classes. */
const [mostOutputs, mostOfClass, mostClasses] = [8, 3, 8]

interface Props {
  found: Pick<OverImages, 'images' | 'means' | 'classes'>
  /** What an output is called. */
  nameOf: (output: number) => string
  /** The name of a class of the images. */
  className: (classNumber: number) => string
  isProbability: boolean
}

export function MeanOutputs({ found: { images, means, classes }, nameOf, className, isProbability }: Props) {
  const parts = [partOf('All images', images, means, mostOutputs, isProbability)]
  // Images without classes would only say the same again.
  if (classes.some(({ classNumber }) => classNumber >= 0))
    for (const one of classes.slice(0, mostClasses))
      if (one.means) {
        const title = one.classNumber < 0 ? 'no class' : className(one.classNumber)
        parts.push(partOf(title, one.images, one.means, mostOfClass, isProbability))
      }
  const [all, ...others] = parts
  const shown = [all!, ...others.filter(({ rows }) => rows.length > 0)]
  return (
    <table className="without-classes without-means">
      <thead>
        <tr>
          <th scope="col">Mean outputs, most changed first</th>
          <th scope="col">before</th>
          <th scope="col">after</th>
        </tr>
      </thead>
      {shown.map((part, at) => (
        <Rows key={at} {...part} nameOf={nameOf} />
      ))}
    </table>
  )
}

interface Part {
  title: string
  images: number
  rows: readonly { readonly output: number; readonly texts: readonly string[] }[]
}

/** The outputs that change most, as far as it can be seen in the digits that are known. */
function partOf(title: string, images: number, means: Means, most: number, isProbability: boolean): Part {
  const rows = mostChanged(means)
    .map((output) => {
      const both = [means.before[output]!, means.after[output]!] as const
      return { output, texts: meanTexts(both, means.error[output]!, isProbability) }
    })
    .filter(({ texts: [before, after] }) => before !== after)
  return { title, images, rows: rows.slice(0, most) }
}

function Rows({ title, images, rows, nameOf }: Part & Pick<Props, 'nameOf'>) {
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={3}>
          <b>{title}</b> {images.toLocaleString('en')} {images === 1 ? 'image' : 'images'}
          {rows.length === 0 && ', no output changes noticeably'}
        </th>
      </tr>
      {rows.map(({ output, texts }) => (
        <tr key={output}>
          <th scope="row" title={nameOf(output)}>
            {nameOf(output)}
          </th>
          {texts.map((text, at) => (
            <td key={['before', 'after'][at]}>{text}</td>
          ))}
        </tr>
      ))}
    </tbody>
  )
}
