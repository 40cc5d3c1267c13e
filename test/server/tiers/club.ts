import { tierJobs } from '@tessera/server/features/tiers/index';
import { addMember, openMerchant } from '../support/people.ts';
import { runServer, type Body, type RunningServer } from '../support/server.ts';
import { inAll } from './support.ts';
import { expectSound } from '../support/sound.ts';

const DAY_MS = 86_400_000;

export interface StandingBody {
  readonly tier: { readonly code: string } | null;
  readonly ladder: number | null;
  readonly points: number;
  readonly countsFrom: string | null;
  readonly graceUntil: string | null;
  readonly missing: number;
  readonly next: { readonly code: string; readonly points: number; readonly days: number } | null;
}

export interface ChangeBody {
  readonly kind: string;
  readonly reason: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly accrualId: string | null;
}

/** Silver for 100 qualifying points and gold for 300, within 30 days, with a grace of 10. */
export const ladder = {
  timeZone: 'Europe/Berlin',
  span: { kind: 'days', days: 30 },
  graceDays: 10,
  tiers: [
    { code: 'silver', name: { zh: '银卡', en: 'Silver', ar: 'فضي' }, points: 100 },
    { code: 'gold', name: inAll('Gold'), points: 300 },
  ],
};

/** A server with a merchant that gives a point a euro, and a member. */
export class Club {
  readonly server: RunningServer;
  readonly till: Awaited<ReturnType<typeof openMerchant>>;
  readonly memberId: string;
  #sales = 0;

  private constructor(server: RunningServer, till: Club['till'], memberId: string) {
    this.server = server;
    this.till = till;
    this.memberId = memberId;
  }

  static async open(): Promise<Club> {
    const server = await runServer();
    return new Club(server, await openMerchant(server), await addMember(server));
  }

  async publish(change: object = {}): Promise<void> {
    await this.server.must('POST', '/v1/tier-ladders', {
      token: this.server.operator,
      body: { ...ladder, ...change },
    });
    await this.review();
  }

  /** A sale of so many euros. */
  async buy(euros: number, change: object = {}): Promise<Body & { accrualId: string; points: number }> {
    this.#sales += 1;
    const sale = { reference: `R${String(this.#sales)}`, amountMinor: euros * 100, currency: 'EUR', ...change };
    const body = { member: { memberId: this.memberId }, ...sale };
    const sold = await this.server.must('POST', '/v1/accruals', { token: this.till.token, body });
    return sold as Body & { accrualId: string; points: number };
  }

  async giveBack(accrualId: string, goods: unknown = 'all'): Promise<void> {
    this.#sales += 1;
    const body = { reference: `G${String(this.#sales)}`, reason: 'broken', goods };
    await this.server.must('POST', `/v1/accruals/${accrualId}/refunds`, { token: this.till.token, body });
  }

  /** Lets days pass, and has the daily job look. */
  async pass(days: number): Promise<void> {
    this.server.clock.pass(days * DAY_MS);
    await this.review();
  }

  /** What the job does at its turn. */
  async review(): Promise<void> {
    const { foundation, alliance } = this.server.server;
    const [job] = tierJobs({
      ...foundation,
      ...alliance,
      db: foundation.database.db,
      nowMs: () => this.server.clock.nowMs(),
    });
    await job?.run('job:review-tiers');
  }

  async standing(memberId = this.memberId): Promise<StandingBody> {
    const body = await this.server.must('GET', `/v1/members/${memberId}/tier`, { token: this.server.operator });
    return body as unknown as StandingBody;
  }

  /** The member's tier by its code. */
  async code(memberId = this.memberId): Promise<string | null> {
    return (await this.standing(memberId)).tier?.code ?? null;
  }

  /** What became of the tier, the oldest first. */
  async changes(query = ''): Promise<ChangeBody[]> {
    const path = `/v1/members/${this.memberId}/tier/changes${query}`;
    const { items } = await this.server.must('GET', path, { token: this.server.operator });
    return (items as unknown as ChangeBody[]).toReversed();
  }

  async told(): Promise<string[]> {
    return (await this.changes()).map(({ kind, reason, to }) => `${kind} ${String(to)}: ${reason}`);
  }

  expectSound(): Promise<void> {
    return expectSound(this.server);
  }
}
