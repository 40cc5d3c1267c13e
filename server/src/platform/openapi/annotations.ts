import { cardNumberSchema } from '@tessera/shared/ids/card-number';
import { memberIdSchema } from '@tessera/shared/ids/member-id';
import * as z from 'zod';

/** What the document says of fields whose check is a function: their shape, so that a generated client knows it too. */
export function annotateSharedFields(): void {
  z.globalRegistry.add(memberIdSchema, {
    description: 'Ten digits, the last a Damm check digit.',
    pattern: '^[1-9][0-9]{9}$',
  });
  z.globalRegistry.add(cardNumberSchema, {
    description: 'Sixteen digits, the last a Luhn check digit.',
    pattern: '^9[0-9]{15}$',
  });
}
