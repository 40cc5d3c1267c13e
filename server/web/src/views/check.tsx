import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Problem } from '@tessera/shared/problem';
import type { CheckResult } from '../api/answers.ts';
import { get } from '../api/client.ts';
import { Refused } from '../parts/notice.tsx';
import { Tag } from '../parts/tag.tsx';
import { View } from '../parts/view.tsx';
import { say, termFor, timeText } from '../state/language.ts';

/** Every invariant, checked on the live books when asked: it reads everything, so it is not polled. */
export function Check(): JSX.Element {
  const [result, setResult] = useState<CheckResult>();
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  async function run(): Promise<void> {
    setBusy(true);
    const answer = await get<CheckResult>('/v1/check');
    setBusy(false);
    setProblem(answer.ok ? undefined : answer.error);
    if (answer.ok) setResult(answer.value);
  }
  useEffect(() => {
    void run();
  }, []);
  return (
    <View
      title={say('navCheck')}
      lead={say('checkLead')}
      tools={
        <button type="button" class="primary" disabled={busy} onClick={() => void run()}>
          {say('checkRun')}
        </button>
      }
    >
      {problem !== undefined && <Refused problem={problem} />}
      <div aria-live="polite">{result !== undefined && <Verdict result={result} />}</div>
    </View>
  );
}

function Verdict({ result }: { readonly result: CheckResult }): JSX.Element {
  const broken = result.checks.filter((check) => check.ok === false);
  return (
    <div class="stack">
      <p class={result.ok ? 'verdict good' : 'verdict bad'}>
        {result.ok ? say('checkOk') : say('checkBroken', broken.length)}
        <span class="soft small"> {say('checkedAt', timeText(result.checkedAt))}</span>
      </p>
      <ul class="panel checks">
        {result.checks.map((check) => (
          <li key={check.name}>
            <div class="check-head">
              <h2>{termFor('check', check.name)}</h2>
              {check.ok === null ? (
                <Tag tone="quiet" icon="clock" word={say('checkSkipped')} />
              ) : check.ok ? (
                <Tag tone="good" icon="check" word={say('checkHolds')} />
              ) : (
                <Tag tone="bad" icon="alert" word={say('checkBreaks')} />
              )}
            </div>
            {check.rows.length > 0 && <pre dir="ltr">{check.rows.map((row) => JSON.stringify(row)).join('\n')}</pre>}
          </li>
        ))}
      </ul>
    </div>
  );
}
