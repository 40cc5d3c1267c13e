/** Where to hold the code and the card on this cabinet: the code comes up under the screen, then the card to the round mark. */
export function FrontPanel({ label }: { readonly label: string }) {
  return (
    <svg class="panel-drawing" viewBox="0 0 340 220" role="img" aria-label={label}>
      <rect class="cabinet-body" x="40" y="2" width="260" height="216" rx="12" />
      <rect class="cabinet-screen" x="90" y="16" width="160" height="84" rx="6" />
      <g class="panel-here" transform="translate(158 46)">
        <path d="M2.6.6h17.5a3.2 3.2 0 0 1 3.2 3.2l-.4 16.5a3.2 3.2 0 0 1-3.2 3.1L3.5 23.6a3.2 3.2 0 0 1-3.2-3.1L-.5 3.9A3.2 3.2 0 0 1 2.6.6Z" />
      </g>
      <g class="panel-scanner">
        <rect x="94" y="114" width="92" height="26" rx="6" />
        <path class="panel-beam" d="M102 127h76" />
      </g>
      <g class="panel-reader">
        <circle cx="238" cy="142" r="26" />
        <path d="M230 134a11 11 0 0 1 0 16m6-21a17 17 0 0 1 0 26m6-30a23 23 0 0 1 0 34" />
      </g>
      <g class="panel-phone">
        <rect x="114" y="148" width="52" height="84" rx="8" />
        <path class="panel-code" d="M124 158h12v12h-12zm20 0h12v12h-12zm-20 20h12v12h-12zm20 0h5v5h-5zm7 7h5v5h-5z" />
      </g>
      <g class="panel-card">
        <rect x="206" y="164" width="64" height="42" rx="6" />
        <path d="M206 176h64" />
      </g>
    </svg>
  );
}
