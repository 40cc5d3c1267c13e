import { generate } from 'lean-qr/nano';
import { useMemo } from 'preact/hooks';

const QUIET_ZONE = 3;

/** A text as a QR code, dark on light in every theme, so that any phone can read it. */
export function Qr({ text, label }: { readonly text: string; readonly label: string }) {
  const { path, size } = useMemo(() => drawCode(text), [text]);
  return (
    <svg class="qr" viewBox={`0 0 ${String(size)} ${String(size)}`} role="img" aria-label={label}>
      <rect class="qr-ground" width={size} height={size} />
      <path class="qr-code" d={path} />
    </svg>
  );
}

function drawCode(text: string): { path: string; size: number } {
  const code = generate(text);
  let path = '';
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) {
      if (code.get(x, y)) path += `M${String(x + QUIET_ZONE)} ${String(y + QUIET_ZONE)}h1v1h-1z`;
    }
  }
  return { path, size: code.size + 2 * QUIET_ZONE };
}
