import type { Scheduler } from '@tessera/shared/ports';
import type { Actor } from '../../platform/commands/actor.ts';
import type { Commands } from '../../platform/commands/commands.ts';
import type { Db } from '../../platform/database/database.ts';
import { runForJob } from '../../platform/jobs/command-job.ts';
import type { Job } from '../../platform/jobs/jobs.ts';
import { pause } from '../../platform/jobs/pause.ts';
import type { Members } from '../members/index.ts';
import { dateOf, dayOf } from './rules/days.ts';
import { REVIEW_TIERS, type Tiers } from './service.ts';
import * as store from './store.ts';

const HOUR_MS = 3_600_000;
/** Members a command: others wait for the writer no longer than that takes. */
const MEMBERS_AT_ONCE = 100;
/** Members a page that is only read. */
const MEMBERS_A_PAGE = 1_000;

export interface TierJobParts {
  readonly commands: Commands;
  readonly db: Db;
  readonly scheduler: Scheduler;
  readonly tiers: Tiers;
  readonly members: Members;
  readonly nowMs: () => number;
}

/** Looks every hour, so that each place's midnight is met: a member whose day has not come is not touched. */
export const tierJobs = (parts: TierJobParts): Job[] => [
  {
    name: REVIEW_TIERS,
    everyMs: HOUR_MS,
    run: async (actor) => {
      await enrolAll(parts, actor);
      const review = () =>
        runForJob(parts.commands, 'tiers.review', actor, (tx) => parts.tiers.review(tx, MEMBERS_AT_ONCE));
      while ((await review()) > 0) await pause(parts.scheduler);
    },
  },
];

/** Gives every member a standing who has none: once for each ladder, and daily where age alone may give a tier. */
async function enrolAll({ commands, db, scheduler, tiers, members, nowMs }: TierJobParts, actor: Actor): Promise<void> {
  const ladder = await tiers.inForce(db, nowMs());
  if (!ladder || ladder.tiers.length === 0) return;
  const byAge = ladder.tiers.some((tier) => tier.points === 0);
  const mark = byAge ? dateOf(dayOf(nowMs(), ladder.timeZone)) : '';
  const looked = `${String(ladder.version)} ${mark}`;
  if ((await store.enrolledOf(db)) === looked) return;
  for (let last = ''; ;) {
    const page = await members.idsAfter(db, last, MEMBERS_A_PAGE);
    const [first, end] = [page[0], page.at(-1)];
    if (first === undefined || end === undefined) break;
    const known = new Set((await store.knownBetween(db, first, end)).map((row) => row.member_id));
    const fresh = page.filter((memberId) => !known.has(memberId));
    for (let from = 0; from < fresh.length; from += MEMBERS_AT_ONCE) {
      const some = fresh.slice(from, from + MEMBERS_AT_ONCE);
      await runForJob(commands, 'tiers.enrol', actor, (tx) => tiers.enrol(tx, some));
      await pause(scheduler);
    }
    last = end;
  }
  await runForJob(commands, 'tiers.enrolled', actor, (tx) => store.setEnrolled(tx.db, looked));
}
