/** @file The style of a saved page. */
export const pageStyle = `
:root { color-scheme: light dark; --text: #1c1c1a; --quiet: #5b5b56; --back: #fff; --card: #f6f6f3; --line: #d8d8d2; --mark: #1d5fa8; }
@media (prefers-color-scheme: dark) {
  :root { --text: #ececea; --quiet: #b0b0aa; --back: #161614; --card: #21211e; --line: #3a3a36; --mark: #8ab8ee; }
}
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.45 system-ui, sans-serif; color: var(--text); background: var(--back); }
header, main, footer { max-width: 1440px; margin: 0 auto; padding: 12px 20px; }
h1 { font-size: 1.5rem; margin: 8px 0 0; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 20px 0 8px; overflow-wrap: anywhere; }
h2 .quiet { font-weight: normal; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
p, dl { margin: 4px 0; }
a { color: inherit; text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--mark); outline-offset: 2px; }
form:not([hidden]) { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: end; margin-top: 10px; }
form > label { display: grid; font-size: 0.85rem; color: var(--quiet); max-width: 100%; }
form > label.check { display: flex; gap: 6px; align-items: center; min-height: 32px; color: var(--text); }
input, select { font: inherit; color: var(--text); background: var(--card); border: 1px solid var(--quiet); border-radius: 6px; padding: 4px 8px; max-width: 100%; min-height: 32px; }
input[type='checkbox'] { min-height: 0; margin: 0; width: 18px; height: 18px; }
.quiet { color: var(--quiet); font-size: 0.85rem; overflow-wrap: anywhere; }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 12px; grid-template-columns: repeat(auto-fill, minmax(204px, 1fr)); }
li { content-visibility: auto; contain-intrinsic-size: auto 330px; }
[hidden] { display: none; }
article { height: 100%; padding: 12px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
article:target { outline: 3px solid var(--mark); outline-offset: -3px; }
article img { display: block; margin: 8px 0; max-width: 100%; height: auto; border-radius: 4px; }
article svg { display: block; width: 100%; height: 28px; fill: var(--quiet); }
.strip { height: 5px; border-radius: 2px; margin: 6px 0; }
.made { display: flex; gap: 8px; }
.made figure { margin: 0; width: 84px; }
.made img { margin: 0 0 2px; image-rendering: pixelated; }
.note { white-space: pre-wrap; overflow-wrap: anywhere; }
@media print {
  :root { color-scheme: light; --text: #000; --quiet: #444; --back: #fff; --card: #fff; --line: #bbb; }
  form, form:not([hidden]), [role='status'] { display: none; }
  ul { grid-template-columns: repeat(4, 1fr); }
  li { content-visibility: visible; break-inside: avoid; }
  h2 { break-after: avoid; }
  .strip { print-color-adjust: exact; }
}
@media (forced-colors: active) { .strip { forced-color-adjust: none; } article svg { fill: CanvasText; } }
`
