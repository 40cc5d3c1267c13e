import type { JSX } from 'preact';
import { say } from '../state/language.ts';
import type { Paged } from './paged.ts';
import { Rows, type Column } from './rows.tsx';
import { Loaded } from './view.tsx';

/** A live list with “show more”. */
export function List<Row>(props: {
  readonly caption: string;
  readonly paged: Paged<Row>;
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string | number;
}): JSX.Element {
  const { paged } = props;
  return (
    <Loaded live={paged.live}>
      {() => (
        <>
          <Rows caption={props.caption} rows={paged.rows} columns={props.columns} keyOf={props.keyOf} />
          {paged.more !== undefined && (
            <button type="button" class="plain" onClick={paged.more}>
              {say('more')}
            </button>
          )}
        </>
      )}
    </Loaded>
  );
}
