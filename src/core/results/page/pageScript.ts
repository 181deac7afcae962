/**
 * @file The program of a saved page, as text: it sorts and hides what is there. The page shows everything without it. It stands
 * between tags, so no `</` may occur in it.
 */
export const pageScript = `
'use strict'
const form = document.forms[0]
const cards = [...document.querySelectorAll('article')].map((element) => ({
  element: element.parentElement,
  list: element.parentElement.parentElement,
  data: element.dataset,
  text: (element.dataset.layer + ' ' + element.textContent).toLowerCase(),
}))
const sections = [...document.querySelectorAll('main section')]
const status = document.querySelector('[role=status]')

const valueOf = ({ data }, key) => (data[key] === '' ? -Infinity : Number(data[key]))

let sorted = 'channel'

function sort() {
  const key = form.elements.sort.value
  if (key === sorted) return
  sorted = key
  const sign = key === 'channel' ? 1 : -1
  const difference = (a, b) => {
    const [x, y] = [valueOf(a, key), valueOf(b, key)]
    return x === y ? valueOf(a, 'channel') - valueOf(b, 'channel') : sign * (x < y ? -1 : 1)
  }
  for (const { list, element } of [...cards].sort(difference)) list.append(element)
}

function filter() {
  const { words, layer, topClass, dead, named } = form.elements
  const wanted = words.value.toLowerCase().split(/\\s+/).filter(Boolean)
  let shown = 0
  for (const { element, data, text } of cards) {
    const isShown =
      (layer.value === '' || data.layer === layer.value) &&
      (topClass === undefined || topClass.value === '' || data.top === topClass.value) &&
      !(dead.checked && data.dead === '1') &&
      !(named.checked && data.named === '0') &&
      wanted.every((word) => (/^\\d+$/.test(word) ? data.channel === word || data.words.toLowerCase().includes(word) : text.includes(word)))
    element.hidden = !isShown
    if (isShown) shown++
  }
  for (const section of sections) section.hidden = section.querySelector('li:not([hidden])') === null
  status.textContent = shown.toLocaleString('en') + ' of ' + cards.length.toLocaleString('en') + ' channels'
}

/** The channel of a link is shown even if a filter hides it. */
function follow() {
  let id = location.hash.slice(1)
  try {
    id = decodeURIComponent(id)
  } catch {
    // A % that encodes nothing stands for itself.
  }
  const card = document.getElementById(id)
  if (!card) return
  if (card.closest('[hidden]')) {
    form.reset()
    sort()
    filter()
  }
  card.scrollIntoView({ block: 'center' })
}

form.addEventListener('input', () => {
  sort()
  filter()
})
form.addEventListener('submit', (event) => event.preventDefault())
addEventListener('hashchange', follow)
form.hidden = false
sort()
filter()
follow()
`
