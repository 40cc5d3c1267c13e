/** The cabinet's front, drawn as it stands: it is never mirrored, since the machine is not. */
const WINDOW = { x: 14, y: 14, width: 128, height: 150 };

interface CabinetProps {
  readonly slots: readonly number[];
  readonly lit?: number;
  readonly turning?: boolean;
  readonly tray?: boolean;
  readonly label: string;
}

/** The slots in their places, one lit; and the tray, once the gift is on its way into it. */
export function Cabinet({ slots, lit, turning = false, tray = false, label }: CabinetProps) {
  const columns = slots.length > 4 ? 4 : Math.max(1, slots.length);
  const rows = Math.max(1, Math.ceil(slots.length / columns));
  const width = WINDOW.width / columns;
  const height = WINDOW.height / rows;
  return (
    <svg class="cabinet" viewBox="0 0 220 240" role="img" aria-label={label}>
      <rect class="cabinet-body" x="2" y="2" width="216" height="228" rx="12" />
      <path class="cabinet-feet" d="M24 230v8M196 230v8" />
      <rect class="cabinet-glass" {...WINDOW} rx="6" />
      {slots.map((slot, index) => {
        const x = WINDOW.x + (index % columns) * width;
        const y = WINDOW.y + Math.floor(index / columns) * height;
        const here = slot === lit;
        const middle = x + width / 2;
        return (
          <g key={slot} class={here ? 'slot slot-lit' : 'slot'}>
            <rect x={x + 4} y={y + 4} width={width - 8} height={height - 8} rx="4" />
            <path class="slot-shelf" d={`M${String(x + 4)} ${String(y + height - 16)}h${String(width - 8)}`} />
            {here && <Spiral x={middle} y={y + height / 2 - 6} turning={turning} />}
            <text x={middle} y={y + height - 6}>
              {slot}
            </text>
          </g>
        );
      })}
      <rect class="cabinet-screen" x="154" y="40" width="54" height="40" rx="4" />
      <path class="cabinet-slit" d="M164 94h34" />
      <circle class="cabinet-reader" cx="181" cy="122" r="11" />
      <g class={tray ? 'tray tray-lit' : 'tray'}>
        <rect x="14" y="178" width="128" height="38" rx="6" />
      </g>
    </svg>
  );
}

function Spiral({ x, y, turning }: { readonly x: number; readonly y: number; readonly turning: boolean }) {
  return (
    <g transform={`translate(${String(x)} ${String(y)})`}>
      <path class={turning ? 'spiral spiral-turning' : 'spiral'} d="M0 0a3 3 0 0 1 6 0 6 6 0 0 1-12 0 9 9 0 0 1 9-9" />
    </g>
  );
}
