import type { Plugin } from 'vite';

const HEAD_FILES = /^\s*<(?:script type="module"[^>]*><\/script|link rel="stylesheet"[^>]*)>\n?/gm;

/** Moves script and style sheet behind the shell in the page, so that ground and mark are painted before either has arrived. */
export function shellFirst(): Plugin {
  return {
    name: 'tessera-shell-first',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html) {
        const files = html.match(HEAD_FILES) ?? [];
        // The style sheet goes first: a script waits for the sheets above it, so nothing is ever drawn without its style.
        const ordered = files.toSorted((a, b) => Number(a.includes('<script')) - Number(b.includes('<script')));
        return html.replace(HEAD_FILES, '').replace('</body>', `${ordered.join('')}  </body>`);
      },
    },
  };
}
