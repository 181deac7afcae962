/** @file The app's name and icon, a link to the start page. */
export function Brand() {
  return (
    <a className="brand" href="./" aria-label="Urpatch, start page">
      <img src="./icon.svg" alt="" width={20} height={20} />
      <span className="brand-name">Urpatch</span>
    </a>
  )
}
