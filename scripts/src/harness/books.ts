import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';

const redemptionSchema = z.object({
  redemptionId: z.string(),
  kioskId: z.string(),
  memberId: z.nullable(z.string()),
  slot: z.nullable(z.int()),
  price: z.int(),
  state: z.string(),
  extraDrops: z.int(),
});
export type BookRow = z.infer<typeof redemptionSchema>;

const detailSchema = z.object({
  kind: z.string(),
  slot: z.nullable(z.int()),
  price: z.int(),
  state: z.string(),
  outcome: z.nullable(z.string()),
  decidedBy: z.nullable(z.string()),
  extraDrops: z.int(),
  events: z.array(z.object({ event: z.string(), from: z.string(), to: z.string() })),
});
export type BookDetail = z.infer<typeof detailSchema>;

const slotSchema = z.object({
  slot: z.int(),
  rewardId: z.nullable(z.string()),
  capacity: z.int(),
  onHand: z.int(),
  available: z.int(),
  inDoubt: z.int(),
  inService: z.boolean(),
  outReason: z.nullable(z.string()),
});
export type SlotRow = z.infer<typeof slotSchema>;

const movementSchema = z.object({ slot: z.int(), kind: z.string(), change: z.int() });
export type MovementRow = z.infer<typeof movementSchema>;

const varianceSchema = z.object({ kind: z.string(), units: z.int() });
export type VarianceRow = z.infer<typeof varianceSchema>;

const balanceSchema = z.object({ available: z.int(), held: z.int() });
const checkSchema = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.nullable(z.boolean()), rows: z.array(z.unknown()) })),
});
export type CheckReport = z.infer<typeof checkSchema>;

/** The server's API with one token: what the books say, and what staff do. */
export class Books {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  balance(memberId: string): Promise<{ available: number; held: number }> {
    return this.#get(`/v1/members/${memberId}/balance`, balanceSchema);
  }

  async slots(kioskId: string): Promise<SlotRow[]> {
    return (await this.#get(`/v1/kiosks/${kioskId}/slots`, z.object({ items: z.array(slotSchema) }))).items;
  }

  /** Every redemption there is. */
  redemptions(): Promise<BookRow[]> {
    return this.#all('/v1/redemptions', redemptionSchema);
  }

  /** One redemption with its timeline. */
  redemption(redemptionId: string): Promise<BookDetail> {
    return this.#get(`/v1/redemptions/${redemptionId}`, detailSchema);
  }

  /** What each gift costs, by its id. */
  async prices(): Promise<ReadonlyMap<string, number>> {
    const rewards = await this.#all('/v1/rewards', z.object({ rewardId: z.string(), price: z.int() }));
    return new Map(rewards.map(({ rewardId, price }) => [rewardId, price]));
  }

  /** Every change of stock of a kiosk. */
  movements(kioskId: string): Promise<MovementRow[]> {
    return this.#all(`/v1/stock-movements?kioskId=${kioskId}`, movementSchema);
  }

  /** What a kiosk told of beside all redemptions. */
  variances(kioskId: string): Promise<VarianceRow[]> {
    return this.#all(`/v1/variances?kioskId=${kioskId}`, varianceSchema);
  }

  /** How often evidence contradicted the books. */
  async discrepancies(): Promise<number> {
    return (await this.#all('/v1/discrepancies', z.object({ discrepancyId: z.string() }))).length;
  }

  /** What was sent to a member, newest first. */
  async messages(memberId: string): Promise<{ kind: string; subject: string; body: string }[]> {
    const message = z.object({ kind: z.string(), subject: z.string(), body: z.string() });
    return (await this.#get(`/v1/messages?memberId=${memberId}`, z.object({ items: z.array(message) }))).items;
  }

  check(): Promise<CheckReport> {
    return this.#get('/v1/check', checkSchema);
  }

  /** @param key the same one for a load that is asked again, because nobody knows whether it was booked */
  async load(kioskId: string, slot: number, quantity: number, key?: string): Promise<void> {
    await this.#post(`/v1/kiosks/${kioskId}/slots/${String(slot)}/loads`, { quantity, reason: 'refill' }, key);
  }

  /** How many pieces each slot may hold; its gift stays. */
  async resize(kioskId: string, capacity: number): Promise<void> {
    const slots = (await this.slots(kioskId)).map(({ slot, rewardId }) => ({ slot, rewardId, capacity }));
    await this.#send('PUT', `/v1/kiosks/${kioskId}/planogram`, { slots });
  }

  /** More or fewer pieces than the books say, for a reason. */
  async adjust(kioskId: string, slot: number, quantity: number): Promise<void> {
    await this.#post(`/v1/kiosks/${kioskId}/slots/${String(slot)}/adjustments`, { quantity, reason: 'recount' });
  }

  /** Orders a gift for pick-up; answers its signed code. */
  async order(kioskId: string, memberId: string, rewardId: string): Promise<{ redemptionId: string; code: string }> {
    const view = z.object({ redemptionId: z.string(), code: z.string() });
    return z.parse(view, await this.#post('/v1/pickups', { kioskId, memberId, rewardId }));
  }

  /** Asks for an order back: its points return once the kiosk has acknowledged that. */
  async cancel(redemptionId: string): Promise<void> {
    await this.#post(`/v1/pickups/${redemptionId}/cancellation`, {});
  }

  async setMemberState(memberId: string, state: 'active' | 'suspended'): Promise<void> {
    await this.#post(`/v1/members/${memberId}/state`, { state });
  }

  /** A blind count of a slot, with what lies in the tray; answers what it proved. */
  async count(kioskId: string, slot: number, counted: number, tray: number): Promise<string> {
    const path = `/v1/kiosks/${kioskId}/slots/${String(slot)}/counts`;
    return z.parse(z.object({ verdict: z.string() }), await this.#post(path, { counted, tray })).verdict;
  }

  /** Returns a slot to service that only a person may return. */
  async reopen(kioskId: string, slot: number): Promise<void> {
    await this.#post(`/v1/kiosks/${kioskId}/slots/${String(slot)}/service`, { inService: true, reason: 'mended' });
  }

  /** Proposes how a doubt ended; answers the proposal. */
  async propose(redemptionId: string, outcome: 'captured' | 'released'): Promise<string> {
    const proposed = await this.#post(`/v1/redemptions/${redemptionId}/resolutions`, { outcome, reason: 'camera' });
    return z.parse(z.object({ resolutionId: z.string() }), proposed).resolutionId;
  }

  /** Confirms another person's proposal. */
  async confirm(redemptionId: string, resolutionId: string): Promise<void> {
    await this.#post(`/v1/redemptions/${redemptionId}/resolutions/${resolutionId}/confirmation`, {});
  }

  async #get<T>(path: string, schema: z.ZodMiniType<T>): Promise<T> {
    const response = await fetch(`${this.#url}${path}`, { headers: { authorization: `Bearer ${this.#token}` } });
    const body: unknown = await response.json();
    if (!response.ok) throw new Error(`GET ${path}: ${String(response.status)} ${JSON.stringify(body)}`);
    return z.parse(schema, body);
  }

  /** All rows of a list, page by page. */
  async #all<T>(path: string, schema: z.ZodMiniType<T>): Promise<T[]> {
    const page = z.object({ items: z.array(schema), nextCursor: z.nullish(z.string()) });
    const rows: T[] = [];
    let cursor = '';
    do {
      const { items, nextCursor } = await this.#get(`${path}${path.includes('?') ? '&' : '?'}limit=200${cursor}`, page);
      rows.push(...items);
      cursor = nextCursor ? `&cursor=${encodeURIComponent(nextCursor)}` : '';
    } while (cursor !== '');
    return rows;
  }

  #post(path: string, body: object, key?: string): Promise<unknown> {
    return this.#send('POST', path, body, key);
  }

  async #send(method: 'POST' | 'PUT', path: string, body: object, key: string = randomUUID()): Promise<unknown> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify(body),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${String(response.status)} ${JSON.stringify(answer)}`);
    return answer;
  }
}
