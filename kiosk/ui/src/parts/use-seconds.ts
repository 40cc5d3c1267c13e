import { useEffect, useState } from 'preact/hooks';

/** Whole seconds until `leftMs` from now have passed, counted down; starts again when the figure changes. */
export function useSecondsLeft(leftMs: number): number {
  const [left, setLeft] = useState(leftMs);
  useEffect(() => {
    const end = performance.now() + leftMs;
    setLeft(leftMs);
    const timer = setInterval(() => setLeft(Math.max(0, end - performance.now())), 500);
    return () => clearInterval(timer);
  }, [leftMs]);
  return Math.ceil(left / 1000);
}
