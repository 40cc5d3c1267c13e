import { randomUUID } from 'node:crypto';

type PlannedSlot = { readonly slot: number; readonly rewardId: string; readonly capacity: number };
type Made = Readonly<Record<string, unknown>>;

const named = (text: string): object => ({ zh: text, en: text, ar: text });

/** The operator's hand on the server's API: makes what a proof stands on, and throws where anything is refused. */
export class OpenDoor {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  async makeReward(price: number): Promise<string> {
    return textOf(await this.make('/v1/rewards', { name: named(`Gift for ${String(price)}`), price }), 'rewardId');
  }

  /** A planned and loaded kiosk; answers the code that it enrols with. */
  async makeKiosk(slots: readonly PlannedSlot[], load: number): Promise<string> {
    const made = await this.make('/v1/kiosks', { name: 'Kiosk', slots: slots.length });
    const path = `/v1/kiosks/${textOf(made, 'kioskId')}`;
    await this.make(`${path}/planogram`, { slots }, 'PUT');
    for (const { slot } of slots) await this.make(`${path}/slots/${String(slot)}/loads`, { quantity: load });
    return textOf(made, 'enrolmentCode');
  }

  async makeMember(pin: string, name = 'Member'): Promise<{ memberId: string; pin: string }> {
    const made = await this.make('/v1/members', { name, language: 'en', pin });
    return { memberId: textOf(made, 'memberId'), pin };
  }

  /** A merchant under an active contract with one till; answers the till's token. */
  async makeTill(): Promise<string> {
    const { industryId } = await this.make('/v1/industries', { name: named(`Industry ${randomUUID().slice(0, 8)}`) });
    const rate = { points: 1, perMinor: 100 };
    const about = {
      name: 'Merchant',
      industryId,
      terms: 'None.',
      currency: 'EUR',
      rate,
      pointsValidDays: null,
      pointsExpiry: null,
    };
    const path = `/v1/merchants/${textOf(await this.make('/v1/merchants', about), 'merchantId')}`;
    for (const state of ['signed', 'active']) await this.make(`${path}/state`, { state });
    const { branchId } = await this.make(`${path}/branches`, { name: 'Branch', address: 'Street 1' });
    return textOf(await this.make(`${path}/terminals`, { name: 'Till', branchId }), 'token');
  }

  async make(path: string, body: object, method = 'POST'): Promise<Made> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as Made;
    if (!response.ok) throw new Error(`${method} ${path}: ${String(response.status)} ${JSON.stringify(answer)}`);
    return answer;
  }
}

function textOf(made: Made, name: string): string {
  const value = made[name];
  if (typeof value !== 'string') throw new Error(`There is no ${name} in ${JSON.stringify(made)}`);
  return value;
}
