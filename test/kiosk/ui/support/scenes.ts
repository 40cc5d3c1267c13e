import type { Gift, Offer, Screen, Snapshot } from '@tessera/shared/protocol/ui';

const gift = (index: number, file: string, price: number, [zh, en, ar]: readonly [string, string, string]): Gift => ({
  rewardId: `01JREWARD0000000000000000${String(index)}`,
  name: { zh, en, ar },
  about: {
    zh: '由联盟商户精心制作，数量有限。',
    en: 'Made with care by a shop of the alliance. Few are left.',
    ar: 'صُنعت بعناية في أحد متاجر التحالف، والكمية محدودة.',
  },
  price,
  picture: `/pictures/${file}.svg`,
});

export const gifts: readonly Gift[] = [
  gift(1, 'jasmine-tea', 300, ['茉莉花茶', 'Jasmine tea', 'شاي الياسمين']),
  gift(2, 'chocolate', 180, ['黑巧克力', 'Dark chocolate', 'شوكولاتة داكنة']),
  gift(3, 'travel-mug', 1250, ['随行保温杯', 'Travel mug that keeps warm', 'كوب سفر حافظ للحرارة']),
  gift(4, 'hand-cream', 420, ['护手霜', 'Hand cream', 'كريم لليدين']),
  gift(5, 'notebook', 350, ['布面笔记本', 'Clothbound notebook', 'دفتر بغلاف قماشي']),
  gift(6, 'plush-bear', 2400, ['毛绒小熊', 'Plush bear', 'دب محشو']),
  gift(7, 'socks', 260, ['羊毛袜', 'Wool socks', 'جوارب صوفية']),
  gift(8, 'umbrella', 1600, ['折叠雨伞', 'Folding umbrella', 'مظلة قابلة للطي']),
];

const points = 1280;
const offers: readonly Offer[] = gifts.map((entry, index) => {
  const missing = Math.max(0, entry.price - points);
  const state = index === 3 ? 'sold_out' : index === 6 ? 'limit' : missing > 0 ? 'short' : 'available';
  return { ...entry, state, missing: state === 'short' ? missing : 0 };
});

const tea = gifts[0]!;
const help = 'Tel 400-820-1234';
const slots = [1, 2, 3, 4, 5, 6, 7, 8];

const member = { maskedName: 'L••', points };
const signedIn = { member, deadline: { leftMs: 42_000, ofMs: 60_000, warn: false } };
const nobody = { member: null, deadline: { leftMs: 42_000, ofMs: 60_000, warn: false } };
const silent = { member: null, deadline: null };

type Scene = Pick<Snapshot, 'screen' | 'member' | 'deadline'>;
const scene = (screen: Screen, who: Omit<Scene, 'screen'>): Scene => ({ screen, ...who });

/** Every screen of the kiosk, and its hard cases, by name. */
export const scenes = {
  'out-of-service': scene(
    { name: 'out_of_service', reasons: ['no_server'], pickupPossible: true, help: 'Nanjing Road 100 · 400-820-1234' },
    silent,
  ),
  'out-of-service-sensor': scene(
    { name: 'out_of_service', reasons: ['no_sensor', 'door_open'], pickupPossible: false, help },
    silent,
  ),
  attract: scene({ name: 'attract', gifts: [...gifts] }, silent),
  'attract-one-gift': scene({ name: 'attract', gifts: [tea] }, silent),
  identify: scene({ name: 'identify', note: null }, nobody),
  'identify-refused': scene({ name: 'identify', note: { code: 'credential_refused', attemptsLeft: 2 } }, nobody),
  'enter-number': scene({ name: 'enter_number', note: null }, nobody),
  'enter-number-refused': scene(
    { name: 'enter_number', note: { code: 'too_many_attempts', retryAfterMs: 30_000 } },
    nobody,
  ),
  'enter-pin': scene({ name: 'enter_pin', for: 'member_id', note: null }, nobody),
  'enter-pin-refused': scene(
    { name: 'enter_pin', for: 'card', note: { code: 'credential_refused', attemptsLeft: 1 } },
    nobody,
  ),
  checking: scene({ name: 'checking' }, silent),
  choose: scene({ name: 'choose', offers: [...offers], note: null }, signedIn),
  'choose-note': scene({ name: 'choose', offers: [...offers], note: { code: 'planogram_changed' } }, signedIn),
  'choose-few': scene({ name: 'choose', offers: offers.slice(0, 2), note: null }, signedIn),
  confirm: scene({ name: 'confirm', gift: tea, pointsAfter: points - tea.price, note: null }, signedIn),
  'confirm-price': scene(
    { name: 'confirm', gift: gifts[2]!, pointsAfter: points - 1250, note: { code: 'price_changed' } },
    signedIn,
  ),
  dispensing: scene(
    { name: 'dispensing', gift: tea, slot: 3, slots, phase: 'turning', step: 2, steps: 5 },
    { member, deadline: null },
  ),
  'dispensing-authorising': scene(
    { name: 'dispensing', gift: gifts[2]!, slot: 8, slots, phase: 'authorising', step: 0, steps: 5 },
    { member, deadline: null },
  ),
  take: scene(
    { name: 'take', gift: tea, pointsLeft: 980, receiptTo: 'm•••@example.com', trayEmpty: false, another: true },
    { ...signedIn, member: { ...member, points: 980 } },
  ),
  'take-pickup': scene(
    { name: 'take', gift: tea, pointsLeft: null, receiptTo: null, trayEmpty: true, another: false },
    nobody,
  ),
  failed: scene({ name: 'failed', code: 'not_dropped', gift: tea, pointsTaken: 0, another: true, help }, signedIn),
  'failed-for-good': scene(
    { name: 'failed', code: 'pickup_code_expired', gift: null, pointsTaken: 0, another: false, help },
    nobody,
  ),
  'failed-used': scene(
    { name: 'failed', code: 'pickup_code_used', gift: null, pointsTaken: 0, another: false, help },
    nobody,
  ),
  'in-doubt': scene(
    { name: 'in_doubt', gift: tea, points: 300, reference: '01JD8Z6Q3M4N5P6R7S8T9V0W1X', help },
    signedIn,
  ),
  'more-time': scene(
    { name: 'confirm', gift: tea, pointsAfter: points - tea.price, note: null },
    { member, deadline: { leftMs: 20_000, ofMs: 60_000, warn: true } },
  ),
} satisfies Readonly<Record<string, Scene>>;
export type SceneName = keyof typeof scenes;
export const sceneNames = Object.keys(scenes) as SceneName[];

export const plainPrefs = { language: 'en', largeText: false, highContrast: false, spoken: false } as const;

/** A first snapshot: a scene for a person with plain preferences. */
export const snapshotOf = (name: SceneName): Snapshot => ({
  version: 1,
  epoch: '01JEPOCH00000000000000000A',
  prefs: plainPrefs,
  online: true,
  kioskName: 'K-07',
  ...scenes[name],
});
