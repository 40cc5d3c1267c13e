import * as z from 'zod';

/** An IBAN's check: moved and spelt out as a number, it leaves 1 when divided by 97 (ISO 13616). */
function isIban(text: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text)) return false;
  const moved = text.slice(4) + text.slice(0, 4);
  let rest = 0;
  for (const character of moved) rest = Number(`${String(rest)}${String(Number.parseInt(character, 36))}`) % 97;
  return rest === 1;
}

export const ibanSchema = z
  .string()
  .transform((text) => text.replaceAll(' ', '').toUpperCase())
  .refine(isIban, 'This is not an IBAN: its check digits do not fit.');
export const bicSchema = z.string().regex(/^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/);
