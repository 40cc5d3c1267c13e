/** The style of the human page, on the tokens of the house. */
export const docsStyle = `
* { box-sizing: border-box; }
html { scroll-padding-top: 16px; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 var(--font); }
a { color: var(--verdigris); }
a:focus-visible, summary:focus-visible, input:focus-visible { outline: 3px solid var(--terracotta); outline-offset: 2px; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 0.875em; }
.frame { display: grid; grid-template-columns: 264px minmax(0, 1fr); max-width: 1280px; margin: 0 auto; }
nav { position: sticky; top: 0; align-self: start; height: 100vh; overflow-y: auto; scrollbar-width: thin; padding: 32px 16px 32px 24px; border-inline-end: 1px solid var(--hairline); }
.mark { display: flex; align-items: center; gap: 12px; margin: 0 0 24px; font-size: 20px; font-weight: 650; letter-spacing: 0.01em; }
.mark svg { flex: none; }
nav h2 { margin: 24px 0 4px; font-size: 13px; font-weight: 600; color: var(--ink-soft); }
nav ul { margin: 0; padding: 0; list-style: none; }
nav li a { display: block; padding: 4px 8px; border-radius: 8px; color: var(--ink); text-decoration: none; font-size: 14px; }
nav li a:hover { background: var(--sunken); }
main { padding: 40px 40px 120px; min-width: 0; }
h1 { margin: 0 0 8px; font-size: 32px; line-height: 1.2; font-weight: 650; }
.lead { max-width: 68ch; margin: 0 0 8px; color: var(--ink-soft); }
section > h2 { margin: 48px 0 16px; font-size: 22px; font-weight: 650; }
details { margin: 0 0 8px; background: var(--surface); border: 1px solid var(--hairline); border-radius: var(--radius); }
details[open] { box-shadow: var(--shadow); }
summary { display: grid; grid-template-columns: 72px minmax(0, 1fr) auto; gap: 4px 16px; align-items: baseline; padding: 12px 16px; cursor: pointer; list-style: none; border-radius: var(--radius); }
summary::-webkit-details-marker { display: none; }
summary .path { font-weight: 600; overflow-wrap: anywhere; }
summary .about { grid-column: 2; color: var(--ink-soft); font-size: 15px; }
.method { justify-self: start; padding: 1px 8px; border-radius: 6px; border: 1px solid currentColor; font: 600 12px/1.6 ui-monospace, Menlo, monospace; }
.get { color: var(--verdigris); } .post { color: var(--terracotta); } .put, .patch { color: var(--gold); } .delete { color: var(--wine); }
.roles { color: var(--ink-soft); font-size: 13px; white-space: nowrap; }
.inside { padding: 4px 16px 16px; border-top: 1px solid var(--hairline); }
.inside h3 { margin: 20px 0 8px; font-size: 14px; font-weight: 600; color: var(--ink-soft); }
table { width: 100%; border-collapse: collapse; font-size: 14px; }
th { text-align: start; font-weight: 600; color: var(--ink-soft); }
th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--hairline); vertical-align: top; overflow-wrap: anywhere; }
td:first-child { white-space: nowrap; width: 1%; padding-inline-end: 24px; }
td p { margin: 0 0 4px; }
.must { color: var(--terracotta); font-size: 12px; }
.type { color: var(--ink-soft); }
.scroll { overflow-x: auto; }
@media (max-width: 860px) {
  .frame { grid-template-columns: minmax(0, 1fr); }
  nav { position: static; height: auto; border: 0; padding: 24px 24px 0; }
  nav h2, nav ul { display: none; }
  main { padding: 16px 24px 80px; }
  summary { grid-template-columns: 72px minmax(0, 1fr); }
  .roles { grid-column: 2; }
}
`;
