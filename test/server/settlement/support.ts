import { addMember, openMerchant } from '../support/people.ts';
import { runServer, type Body, type RunningServer } from '../support/server.ts';
import { addPerson, agree, calculated, goldenRate, type RunBody } from '../clearing/support/money.ts';

/** Three merchants at the golden rate, and staff of two. */
export class Town {
  readonly server: RunningServer;
  readonly person: string;
  readonly memberId: string;
  readonly a: { merchantId: string; token: string };
  readonly b: { merchantId: string; token: string };
  #sales = 0;

  private constructor(server: RunningServer, rest: { person: string; memberId: string; a: Town['a']; b: Town['b'] }) {
    this.server = server;
    this.person = rest.person;
    this.memberId = rest.memberId;
    this.a = rest.a;
    this.b = rest.b;
  }

  static async open(rate: object = {}): Promise<Town> {
    const server = await runServer();
    const person = await addPerson(server, 'second');
    await agree(server, person, { ...goldenRate, ...rate });
    const [a, b] = [await openMerchant(server, 'A'), await openMerchant(server, 'B & Sons <Ltd>')];
    return new Town(server, { person, memberId: await addMember(server), a, b });
  }

  /** A sale at a till that issues points. */
  sale(till: { token: string }, points: number): Promise<Body> {
    return this.server.must('POST', '/v1/accruals', { token: till.token, body: this.#sale(points) });
  }

  trySale(till: { token: string }, points: number) {
    return this.server.ask('POST', '/v1/accruals', { token: till.token, body: this.#sale(points) });
  }

  #sale(points: number): object {
    this.#sales += 1;
    return { member: { memberId: this.memberId }, reference: `R-${String(this.#sales)}`, points };
  }

  /** Points as payment at a counter. */
  async pay(till: { token: string }, points: number): Promise<void> {
    this.#sales += 1;
    const body = { approval: { memberId: this.memberId, pin: '2468' }, points, reference: `P-${String(this.#sales)}` };
    const { token } = till;
    const payment = (await this.server.must('POST', '/v1/payments', { token, body })) as unknown as {
      paymentId: string;
    };
    await this.server.must('POST', `/v1/payments/${payment.paymentId}/capture`, { token, body: {} });
  }

  agree(asked: object): Promise<string> {
    return agree(this.server, this.person, asked);
  }

  /** As the operator's token. */
  must(method: string, path: string, body?: object): Promise<Body> {
    return this.server.must(method, path, { token: this.server.operator, ...(body ? { body } : {}) });
  }

  ask(method: string, path: string, body?: object) {
    return this.server.ask(method, path, { token: this.server.operator, ...(body ? { body } : {}) });
  }

  /** A run that has been calculated. */
  async calculate(): Promise<RunBody> {
    const { runId } = await this.must('POST', '/v1/settlement-runs');
    await this.must('POST', `/v1/settlement-runs/${runId}/cutoff`, {});
    return calculated(this.server, runId);
  }

  /** A run that has been posted. */
  async settle(): Promise<RunBody> {
    const { runId } = await this.calculate();
    await this.post(runId);
    return this.run(runId);
  }

  async post(runId: string): Promise<void> {
    await this.server.must('POST', `/v1/settlement-runs/${runId}/approval`, { token: this.person });
    await this.must('POST', `/v1/settlement-runs/${runId}/posting`);
  }

  async run(runId: string): Promise<RunBody> {
    return (await this.must('GET', `/v1/settlement-runs/${runId}`)) as unknown as RunBody;
  }

  payment(runId: string, party: string, amountMinor: number, reference: string) {
    const body = { party, currency: 'EUR', amountMinor, reference };
    return this.ask('POST', `/v1/settlement-runs/${runId}/payments`, body);
  }

  /** Every promise of the check holds. */
  async expectSound(): Promise<void> {
    const report = (await this.must('GET', '/v1/check')) as unknown as { checks: { ok: boolean | null }[] };
    const broken = report.checks.filter((check) => check.ok === false);
    if (broken.length > 0) throw new Error(JSON.stringify(broken));
  }
}

/** What a net of a run says of a party. */
export const netOf = (run: RunBody, party: string) => run.nets.find((net) => net.party === party);
