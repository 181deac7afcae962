/** @file The network's mean outputs before and after a change: over all images, and over those of each class. */
import { mostChanged, type MeanOutputs as Means, type OverImages } from '../../core/reasons/overImages.ts'

/** Outputs over all images and of each class, and classes. */
const [mostOutputs, mostOfClass, mostClasses] = [8, 3, 8]

interface Props {
  found: Pick<OverImages, 'images' | 'means' | 'classes'>
  /** What an output is called. */
  nameOf: (output: number) => string
  /** The name of a class of the images. */
  className: (classNumber: number) => string
  format: (value: number) => string
}

export function MeanOutputs({ found: { images, means, classes }, nameOf, className, format }: Props) {
  const parts: Part[] = [{ title: 'All images', images, means, most: mostOutputs }]
  // Images without classes would only say the same again.
  if (classes.some(({ classNumber }) => classNumber >= 0))
    for (const one of classes.slice(0, mostClasses))
      if (one.means)
        parts.push({
          title: one.classNumber < 0 ? 'no class' : className(one.classNumber),
          images: one.images,
          means: one.means,
          most: mostOfClass,
        })
  return (
    <table className="without-classes without-means">
      <thead>
        <tr>
          <th scope="col">Mean outputs, most changed first</th>
          <th scope="col">before</th>
          <th scope="col">after</th>
        </tr>
      </thead>
      {parts.map((part, at) => (
        <Rows key={at} {...part} nameOf={nameOf} format={format} />
      ))}
    </table>
  )
}

interface Part {
  title: string
  images: number
  means: Means
  most: number
}

function Rows({ title, images, means, most, nameOf, format }: Part & Pick<Props, 'nameOf' | 'format'>) {
  const order = mostChanged(means).slice(0, most)
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={3}>
          <b>{title}</b> {images.toLocaleString('en')} {images === 1 ? 'image' : 'images'}
          {order.length === 0 && ', no output changes'}
        </th>
      </tr>
      {order.map((output) => (
        <tr key={output}>
          <th scope="row">{nameOf(output)}</th>
          <td>{format(means.before[output]!)}</td>
          <td>{format(means.after[output]!)}</td>
        </tr>
      ))}
    </tbody>
  )
}
