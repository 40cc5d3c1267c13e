import type { JSX } from 'preact';
import { bookStates } from '@tessera/shared/redemption/books';
import type { Redemption } from '../api/answers.ts';
import { Choice, Field, fieldText } from '../parts/field.tsx';
import { List } from '../parts/list.tsx';
import { usePaged } from '../parts/paged.ts';
import { PlaceLink, RedemptionLink } from '../parts/links.tsx';
import { BookTag } from '../parts/states.tsx';
import { View } from '../parts/view.tsx';
import { numberText, say, timeText, wordFor } from '../state/language.ts';
import { kioskNames, rewardName } from '../state/names.ts';
import { goTo, linkTo, route } from '../state/route.ts';

const filterNames = ['state', 'kioskId', 'kind', 'memberId'] as const;
type Filters = Readonly<Record<(typeof filterNames)[number], string>>;

const readFilters = (): Filters => {
  const { filters } = route.value;
  const of = (name: string): string => filters.get(name) ?? '';
  return { state: of('state'), kioskId: of('kioskId'), kind: of('kind'), memberId: of('memberId') };
};

/** Every redemption; the filters stand in the address, so that a view can be kept and sent. */
export function Redemptions(): JSX.Element {
  const filters = readFilters();
  const paged = usePaged<Redemption>('/v1/redemptions', filters);
  return (
    <View title={say('navRedemptions')}>
      <FilterBar key={JSON.stringify(filters)} filters={filters} kiosks={kioskNames()} />
      <List
        caption={say('navRedemptions')}
        paged={paged}
        keyOf={(row) => row.redemptionId}
        columns={[
          { title: say('when'), cell: (row) => <time>{timeText(row.createdAt)}</time> },
          { title: say('state'), cell: (row) => <BookTag state={row.state} /> },
          {
            title: say('reference'),
            cell: (row) => <RedemptionLink id={row.redemptionId} />,
          },
          { title: say('gift'), cell: (row) => rewardName(row.rewardId) },
          { title: say('price'), number: true, cell: (row) => <span class="points">{numberText(row.price)}</span> },
          { title: say('member'), cell: (row) => <code>{row.memberId ?? '–'}</code> },
          { title: say('where'), cell: (row) => <PlaceLink kioskId={row.kioskId} slot={row.slot} /> },
        ]}
      />
    </View>
  );
}

function FilterBar(props: { readonly filters: Filters; readonly kiosks: ReadonlyMap<string, string> }): JSX.Element {
  const all = { value: '', label: say('all') };
  return (
    <form
      class="filters"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        goTo(
          linkTo(
            'redemptions',
            undefined,
            Object.fromEntries(filterNames.map((name) => [name, fieldText(form, name)])),
          ),
        );
      }}
      onChange={(event) => {
        if (event.target instanceof HTMLSelectElement) event.currentTarget.requestSubmit();
      }}
    >
      <Choice
        label={say('filterState')}
        name="state"
        value={props.filters.state}
        options={[
          all,
          ...bookStates.filter((s) => s !== 'none').map((s) => ({ value: s, label: wordFor('state', s) })),
        ]}
      />
      <Choice
        label={say('filterKiosk')}
        name="kioskId"
        value={props.filters.kioskId}
        options={[all, ...[...props.kiosks].map(([value, label]) => ({ value, label }))]}
      />
      <Choice
        label={say('filterKind')}
        name="kind"
        value={props.filters.kind}
        options={[all, { value: 'walk_up', label: say('kindWalkUp') }, { value: 'pickup', label: say('kindPickup') }]}
      />
      <Field label={say('filterMember')} name="memberId" value={props.filters.memberId} />
      <button type="submit" class="plain">
        {say('apply')}
      </button>
      <a class="plain" href={linkTo('redemptions')}>
        {say('clear')}
      </a>
    </form>
  );
}
