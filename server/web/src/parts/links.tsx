import type { JSX } from 'preact';
import { placeName } from '../state/names.ts';
import { linkTo } from '../state/route.ts';

/** As much of a ULID's random end as people compare at a glance. */
const TAIL = 8;

/** A redemption's reference: its end is shown, the whole stands in the address and the tooltip. */
export function RedemptionLink({ id }: { readonly id: string }): JSX.Element {
  return (
    <a href={linkTo('redemptions', id)} title={id}>
      <code>…{id.slice(-TAIL)}</code>
    </a>
  );
}

/** A slot of a kiosk, or the kiosk. */
export function PlaceLink(props: { readonly kioskId: string; readonly slot: number | null }): JSX.Element {
  const filters = props.slot === null ? {} : { slot: String(props.slot) };
  return <a href={linkTo('kiosks', props.kioskId, filters)}>{placeName(props.kioskId, props.slot)}</a>;
}

/** `redemption:01J…` and `kiosk:k01J…:3` as links; other subjects as they are. */
export function SubjectLink({ subject }: { readonly subject: string }): JSX.Element {
  const [kind, id = '', slot] = subject.split(/[:/]/);
  if (kind === 'redemption') return <RedemptionLink id={id} />;
  if (kind === 'kiosk' || kind === 'slot') {
    return <PlaceLink kioskId={id} slot={slot === undefined ? null : Number(slot)} />;
  }
  return <code>{subject}</code>;
}
