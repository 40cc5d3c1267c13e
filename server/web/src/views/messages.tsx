import type { JSX } from 'preact';
import { List } from '../parts/list.tsx';
import { usePaged } from '../parts/paged.ts';
import { Tag } from '../parts/tag.tsx';
import { View } from '../parts/view.tsx';
import { say, timeText, wordFor } from '../state/language.ts';

type Message = {
  readonly messageId: string;
  readonly channel: string;
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  readonly state: string;
  readonly createdAt: number;
};

/** What was said to members: the embedded mailbox. */
export function Messages(): JSX.Element {
  const paged = usePaged<Message>('/v1/messages');
  return (
    <View title={say('navMessages')}>
      <List
        caption={say('navMessages')}
        paged={paged}
        keyOf={(row) => row.messageId}
        columns={[
          { title: say('when'), cell: (row) => <time>{timeText(row.createdAt)}</time> },
          { title: say('to'), cell: (row) => row.to },
          {
            title: say('message'),
            cell: (row) => (
              <div class="message" dir="auto">
                <strong>{row.subject}</strong>
                <p>{row.body}</p>
              </div>
            ),
          },
          { title: say('channel'), cell: (row) => row.channel },
          {
            title: say('state'),
            cell: (row) => (
              <Tag
                tone={row.state === 'failed' ? 'bad' : row.state === 'queued' ? 'quiet' : 'good'}
                icon={row.state === 'failed' ? 'alert' : row.state === 'queued' ? 'clock' : 'check'}
                word={wordFor('msg', row.state)}
              />
            ),
          },
        ]}
      />
    </View>
  );
}
