import { signal, type ReadonlySignal } from '@preact/signals';

export type Shape = 'landscape' | 'portrait';

/** Which way the screen stands, kept current. */
export function watchShape(query: MediaQueryList): ReadonlySignal<Shape> {
  const shape = signal<Shape>(query.matches ? 'portrait' : 'landscape');
  query.addEventListener('change', (event) => (shape.value = event.matches ? 'portrait' : 'landscape'));
  return shape;
}

/** How many gifts one page of the choose screen holds: what fits at that size without a scroll. */
export function giftsPerPage(shape: Shape, largeText: boolean): number {
  if (largeText) return shape === 'portrait' ? 2 : 1;
  return 4;
}
