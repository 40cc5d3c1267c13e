import type { JSX } from 'preact';
import { SubjectLink } from '../parts/links.tsx';
import { List } from '../parts/list.tsx';
import { usePaged } from '../parts/paged.ts';
import { View } from '../parts/view.tsx';
import { say, timeText } from '../state/language.ts';
import { actorName } from '../state/names.ts';

type AuditRow = {
  readonly seq: number;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly hash: string | null;
};

/** The tail of the audit chain, newest first. */
export function Audit(): JSX.Element {
  const paged = usePaged<AuditRow>('/v1/audit');
  return (
    <View title={say('navAudit')} lead={say('auditLead')}>
      <List
        caption={say('navAudit')}
        paged={paged}
        keyOf={(row) => row.seq}
        columns={[
          { title: '#', number: true, cell: (row) => row.seq },
          { title: say('when'), cell: (row) => <time>{timeText(row.at)}</time> },
          { title: say('actor'), cell: (row) => actorName(row.actor) },
          { title: say('action'), cell: (row) => row.action },
          { title: say('subject'), cell: (row) => <SubjectLink subject={row.subject} /> },
          { title: 'SHA-256', cell: (row) => <code class="soft">{row.hash?.slice(0, 12) ?? '–'}</code> },
        ]}
      />
    </View>
  );
}
