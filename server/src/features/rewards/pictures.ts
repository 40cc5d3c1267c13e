/** Media types of pictures, with the ending of their file names. */
export const pictureTypes = {
  'image/svg+xml': 'svg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/jpeg': 'jpg',
} as const;
export type PictureType = keyof typeof pictureTypes;

/** A kiosk keeps its pictures and draws them small. */
export const PICTURE_LIMIT_BYTES = 512 * 1024;

/** What an SVG could run or fetch. A picture needs none of it. */
const UNSAFE_SVG =
  /<\s*(script|foreignobject|iframe|embed|object|handler|animate|set)\b|<!(doctype|entity)|\bon[a-z]+\s*=|(href|src)\s*=\s*["']?\s*(?!#|["'#]|data:image\/(png|jpeg|webp);)|javascript:|@import|url\(\s*["']?(?!#)/i;

const startsWith = (bytes: Buffer, ...expected: number[]): boolean =>
  expected.every((byte, index) => bytes[index] === byte);

function isSafeSvg(bytes: Buffer): boolean {
  const text = bytes.toString('utf8');
  const isUtf8 = Buffer.from(text, 'utf8').equals(bytes);
  return isUtf8 && /^\s*(<\?xml[^>]*\?>\s*)?(<!--[\s\S]*?-->\s*)*<svg[\s>]/.test(text) && !UNSAFE_SVG.test(text);
}

/** The type that the bytes really are; undefined for anything else, and for an SVG that could run or fetch something. */
export function pictureTypeOf(bytes: Buffer): PictureType | undefined {
  if (startsWith(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  if (startsWith(bytes, 0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') return 'image/webp';
  return isSafeSvg(bytes) ? 'image/svg+xml' : undefined;
}

/** Headers of a served picture: it never changes under its name, and nothing in it may run, whoever shows it. */
export const pictureHeaders = {
  'Cache-Control': 'public, max-age=31536000, immutable',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'X-Content-Type-Options': 'nosniff',
} as const;
