/** The look of the page, in light and in dark. */
export const style = `:root {
  color-scheme: light dark;
  --back: #ffffff; --card: #f6f7f9; --line: #dfe3e8; --text: #1c2128; --dim: #5b6570;
  --a: #b42318; --a-back: #fdeceb; --b: #14713d; --b-back: #e7f6ec; --accent: #2f5fd0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #14171b; --card: #1c2026; --line: #303741; --text: #e4e7eb; --dim: #9aa4af;
    --a: #ff9c92; --a-back: #3a1f1e; --b: #7fdca4; --b-back: #17321f; --accent: #8fb1ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 2rem 1.25rem 4rem; background: var(--back); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { margin: 0 0 .75rem; font-size: 1.6rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem .75rem; margin: 0; align-items: baseline; }
dt { font-weight: 600; text-align: center; width: 1.6em; border-radius: .3em; }
dt.a { color: var(--a); background: var(--a-back); }
dt.b { color: var(--b); background: var(--b-back); }
dd { margin: 0; font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: anywhere; }
.kinds { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0 0; padding: 0; list-style: none; }
.kinds li { padding: .1rem .6rem; border: 1px solid var(--line); border-radius: 1rem; font-size: .85em; color: var(--dim); }
section { margin-top: 1.25rem; border: 1px solid var(--line); border-radius: .5rem; overflow: hidden; }
h2 { margin: 0; padding: .5rem .8rem; background: var(--card); border-bottom: 1px solid var(--line); font-size: .95rem;
  font-weight: 500; overflow-wrap: anywhere; }
h2 span { color: var(--dim); }
h2 span:last-child { color: var(--text); font-weight: 650; }
h2 i { margin: 0 .45em; color: var(--dim); font-style: normal; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th, td { padding: .4rem .8rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
tr + tr > * { border-top: 1px solid var(--line); }
th { width: 30%; font-weight: 500; }
code, pre { font-family: ui-monospace, monospace; font-size: .88em; }
td.a code { color: var(--a); background: var(--a-back); }
td.b code { color: var(--b); background: var(--b-back); }
td code { padding: .1em .35em; border-radius: .25em; white-space: pre-wrap; }
td em { color: var(--dim); font-style: normal; }
pre { margin: 0; white-space: pre-wrap; color: var(--dim); }
pre del, pre ins { text-decoration: none; }
pre del { color: var(--a); background: var(--a-back); }
pre ins { color: var(--b); background: var(--b-back); }
tr.bytes th, tr.package th { color: var(--accent); }
footer { margin-top: 1.5rem; color: var(--dim); }
@media (max-width: 40rem) { table, tbody, tr, th, td { display: block; width: auto; } tr + tr > * { border-top: 0; } }
`;
