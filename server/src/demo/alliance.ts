import type { Language, Localised } from '@tessera/shared/ids/schemas';

/** The demo alliance: invented merchants, people and gifts. Nothing here is secret; PINs and card UIDs come from the seed. */

export const industries: readonly Localised[] = [
  { zh: '餐饮', en: 'Catering', ar: 'المطاعم' },
  { zh: '美发美容', en: 'Hair and beauty', ar: 'الشعر والتجميل' },
  { zh: '药房', en: 'Pharmacy', ar: 'الصيدليات' },
  { zh: '酒店', en: 'Hotel', ar: 'الفنادق' },
  { zh: '旅行', en: 'Travel', ar: 'السفر' },
  { zh: '休闲娱乐', en: 'Leisure', ar: 'الترفيه' },
];

export type DemoMerchant = {
  readonly name: string;
  /** The industry's English name. */
  readonly industry: string;
  readonly branches: readonly {
    readonly name: string;
    readonly address: string;
    readonly terminals: readonly string[];
  }[];
  /** Points for each full unit of currency. */
  readonly points: number;
};

export const merchants: readonly DemoMerchant[] = [
  {
    name: '茉莉小馆 Jasmine House',
    industry: 'Catering',
    points: 1,
    branches: [
      { name: '中山路店', address: '中山路 18 号', terminals: ['前台 1', '前台 2'] },
      { name: '滨江店', address: '滨江大道 206 号', terminals: ['前台'] },
    ],
  },
  {
    name: '光影造型 Lumen Hair',
    industry: 'Hair and beauty',
    points: 2,
    branches: [{ name: '文化街店', address: '文化街 77 号', terminals: ['收银台'] }],
  },
  {
    name: '青禾药房 Verdant Pharmacy',
    industry: 'Pharmacy',
    points: 1,
    branches: [
      { name: '人民广场店', address: '人民广场 3 号', terminals: ['Counter 1'] },
      { name: '大学城店', address: '学府路 41 号', terminals: ['Counter 1'] },
    ],
  },
  {
    name: '海湾酒店 Harbour Hotel',
    industry: 'Hotel',
    points: 1,
    branches: [{ name: '海湾店', address: '海滨路 1 号', terminals: ['Reception', 'Restaurant'] }],
  },
  {
    name: '雨燕旅行 Swift Travel',
    industry: 'Travel',
    points: 1,
    branches: [{ name: '火车站店', address: '站前路 12 号', terminals: ['Desk'] }],
  },
  {
    name: '马赛克影院 Mosaic Cinema',
    industry: 'Leisure',
    points: 3,
    branches: [{ name: '星光天地店', address: '星光路 100 号 5 层', terminals: ['Box office', 'Snacks'] }],
  },
];

export type DemoMember = {
  readonly name: string;
  readonly language: Language;
  readonly email: string;
  /** Purchases: merchant by place in the list above, amount in minor units. */
  readonly purchases: readonly (readonly [merchant: number, amountMinor: number])[];
};

export const members: readonly DemoMember[] = [
  {
    name: '王芳',
    language: 'zh',
    email: 'wang.fang@demo.tessera.invalid',
    purchases: [
      [0, 268_000],
      [3, 520_000],
      [5, 96_000],
    ],
  },
  {
    name: 'Sofia Marin',
    language: 'en',
    email: 'sofia.marin@demo.tessera.invalid',
    purchases: [
      [4, 412_000],
      [1, 86_000],
    ],
  },
  {
    name: 'ليلى حسن',
    language: 'ar',
    email: 'layla.hassan@demo.tessera.invalid',
    purchases: [
      [3, 185_000],
      [2, 43_000],
      [5, 28_000],
    ],
  },
  {
    name: '李伟',
    language: 'zh',
    email: 'li.wei@demo.tessera.invalid',
    purchases: [
      [0, 96_000],
      [2, 51_500],
    ],
  },
  {
    name: 'James Okoro',
    language: 'en',
    email: 'james.okoro@demo.tessera.invalid',
    purchases: [
      [5, 18_000],
      [0, 42_500],
    ],
  },
  {
    name: '陈静',
    language: 'zh',
    email: 'chen.jing@demo.tessera.invalid',
    purchases: [
      [1, 16_000],
      [0, 12_800],
    ],
  },
  {
    name: 'يوسف الأمين',
    language: 'ar',
    email: 'yusuf.alamin@demo.tessera.invalid',
    purchases: [
      [2, 9_600],
      [0, 8_000],
    ],
  },
  { name: 'Emma Lindqvist', language: 'en', email: 'emma.lindqvist@demo.tessera.invalid', purchases: [[0, 3_600]] },
];

export type DemoReward = {
  /** Its picture is `assets/demo/<picture>.svg`. */
  readonly picture: string;
  readonly name: Localised;
  readonly about: Localised;
  readonly price: number;
  readonly perMemberLimit?: number;
  readonly capacity: number;
  readonly loaded: number;
};

/** In the order of the slots of the demo kiosk. */
export const rewards: readonly DemoReward[] = [
  {
    picture: 'jasmine-tea',
    name: { zh: '茉莉花茶', en: 'Jasmine tea', ar: 'شاي الياسمين' },
    about: {
      zh: '窨制三次的茉莉绿茶，锡罐装 80 克。',
      en: 'Green tea scented three times with jasmine, 80 g in a tin.',
      ar: 'شاي أخضر معطّر بالياسمين ثلاث مرات، علبة 80 غرامًا.',
    },
    price: 320,
    capacity: 8,
    loaded: 8,
  },
  {
    picture: 'hand-cream',
    name: { zh: '杏仁护手霜', en: 'Almond hand cream', ar: 'كريم اليدين باللوز' },
    about: {
      zh: '不黏手，杏仁花香，50 毫升。',
      en: 'Light, with almond blossom, 50 ml.',
      ar: 'خفيف برائحة زهر اللوز، 50 مل.',
    },
    price: 180,
    capacity: 10,
    loaded: 9,
  },
  {
    picture: 'umbrella',
    name: { zh: '折叠雨伞', en: 'Folding umbrella', ar: 'مظلة قابلة للطي' },
    about: {
      zh: '八骨抗风，收起不过一掌长。',
      en: 'Eight ribs against the wind, folds to the length of a hand.',
      ar: 'ثمانية أضلاع تقاوم الريح، وتُطوى بطول الكف.',
    },
    price: 860,
    capacity: 6,
    loaded: 6,
  },
  {
    picture: 'travel-mug',
    name: { zh: '随行杯', en: 'Travel mug', ar: 'كوب السفر' },
    about: {
      zh: '双层不锈钢，软木杯套，350 毫升。',
      en: 'Double-walled steel with a cork sleeve, 350 ml.',
      ar: 'فولاذ مزدوج الجدار مع غلاف من الفلين، 350 مل.',
    },
    price: 1280,
    perMemberLimit: 2,
    capacity: 6,
    loaded: 5,
  },
  {
    picture: 'chocolate',
    name: { zh: '黑巧克力', en: 'Dark chocolate', ar: 'شوكولاتة داكنة' },
    about: {
      zh: '可可含量 70%，单一产地，90 克。',
      en: '70% cocoa of a single origin, 90 g.',
      ar: 'كاكاو 70% من مصدر واحد، 90 غرامًا.',
    },
    price: 120,
    capacity: 12,
    loaded: 12,
  },
  {
    picture: 'plush-bear',
    name: { zh: '小熊玩偶', en: 'Plush bear', ar: 'دب محشو' },
    about: {
      zh: '戴绿围巾的小熊，高 22 厘米。',
      en: 'A bear with a green scarf, 22 cm tall.',
      ar: 'دب بوشاح أخضر، طوله 22 سم.',
    },
    price: 1980,
    perMemberLimit: 1,
    capacity: 4,
    loaded: 3,
  },
  {
    picture: 'socks',
    name: { zh: '保暖袜', en: 'Warm socks', ar: 'جوارب دافئة' },
    about: {
      zh: '棉毛混纺，一对，均码。',
      en: 'A pair of cotton and wool, one size.',
      ar: 'زوج من القطن والصوف، مقاس واحد.',
    },
    price: 260,
    capacity: 8,
    loaded: 2,
  },
  {
    picture: 'notebook',
    name: { zh: '马赛克笔记本', en: 'Mosaic notebook', ar: 'دفتر الفسيفساء' },
    about: {
      zh: '线装 160 页，附一支铅笔。',
      en: '160 sewn pages, with a pencil.',
      ar: '160 صفحة مخيطة مع قلم رصاص.',
    },
    price: 450,
    capacity: 8,
    loaded: 7,
  },
];

export const kioskName = '中央车站 Central Station';
export const staff = [
  { login: 'demo.lin', name: '林悦 Lin Yue' },
  { login: 'demo.novak', name: 'Petra Novak' },
] as const;
