import { readFileSync } from 'node:fs';

/** Reads a picture that was drawn for the demo. Sources and build stand equally deep below `server/`. */
export function demoPicture(name: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(readFileSync(new URL(`../../assets/demo/${name}.svg`, import.meta.url)));
}
