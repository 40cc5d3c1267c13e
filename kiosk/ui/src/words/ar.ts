import type { Words } from './words.ts';

/** Western digits, as they are printed on cards, slots and phones; the member can compare them at a glance. */
const number = new Intl.NumberFormat('ar-u-nu-latn');
const rules = new Intl.PluralRules('ar');
const figure = (value: number): string => number.format(value);

/** Arabic counts one, two, a few (3–10) and many with different words. */
function counted(value: number, one: string, two: string, few: string, many: string): string {
  switch (rules.select(value)) {
    case 'one':
      return one;
    case 'two':
      return two;
    case 'few':
      return `${figure(value)} ${few}`;
    default:
      return `${figure(value)} ${many}`;
  }
}
const points = (value: number): string => counted(value, 'نقطة واحدة', 'نقطتان', 'نقاط', 'نقطة');
const seconds = (value: number): string => counted(value, 'ثانية واحدة', 'ثانيتين', 'ثوانٍ', 'ثانية');

export const ar: Words = {
  language: 'ar',
  direction: 'rtl',
  ownName: 'العربية',
  voice: 'ar',

  steps: { identify: 'التعريف', choose: 'الاختيار', confirm: 'التأكيد', take: 'الاستلام' },
  whereYouAre: 'الخطوة الحالية',
  member: 'العضو',
  languages: 'اللغة',
  accessibility: 'تسهيل الاستخدام',
  largeText: 'نص كبير',
  highContrast: 'تباين عالٍ',
  spoken: 'إرشاد صوتي',
  on: 'مفعّل',
  off: 'متوقف',
  close: 'إغلاق',
  back: 'رجوع',
  done: 'تم',
  end: 'إنهاء',
  help: 'المساعدة',
  askHere: 'اسأل العاملين هنا من فضلك.',
  points,
  figure,

  oneMoment: 'لحظة من فضلك',
  moreTime: 'هل تحتاج إلى وقت أطول؟',
  moreTimeWhy: (left) => `ستُغلق هذه الشاشة خلال ${seconds(left)}.`,
  yesMoreTime: 'نعم، وقت أطول',

  attract: {
    title: 'امسح رمزك للبدء',
    lead: 'ضعه أسفل الشاشة، أو مرّر بطاقتك.',
    noCode: 'ليس معك رمز؟ المس «ابدأ» لإدخال رقمك.',
    start: 'ابدأ',
    gifts: 'الهدايا في هذا الجهاز',
  },
  out: {
    title: 'متوقف حاليًا',
    reasons: {
      starting: 'الجهاز قيد التشغيل، وسيجهز خلال دقيقة.',
      no_server: 'لا يوجد اتصال بالشبكة الآن.',
      not_enrolled: 'لم يُجهَّز هذا الجهاز بعد.',
      revoked: 'أُخرج هذا الجهاز من الخدمة.',
      journal_damaged: 'هذا الجهاز يحتاج إلى فني.',
      no_guard: 'لا يمكن للجهاز تسليم الهدايا الآن.',
      no_sensor: 'لا يستطيع الجهاز رؤية نزول الهدية، لذلك أوقف التسليم.',
      no_stock: 'نفدت كل الهدايا هنا.',
      slots_out_of_service: 'خانات الهدايا قيد الصيانة.',
      door_open: 'الباب مفتوح وتجري تعبئة الجهاز.',
      disk_full: 'هذا الجهاز يحتاج إلى فني.',
    },
    pickup: 'ما زال بإمكانك استلام طلبك: امسح رمز الاستلام.',
  },
  identify: {
    title: 'أظهر رمزك أو بطاقتك',
    code: 'ضع رمزك أسفل الشاشة',
    card: 'أو قرّب بطاقتك من العلامة الدائرية',
    typeNumber: 'أدخل رقم العضوية',
    drawing: 'الماسح أسفل الشاشة، وقارئ البطاقات على يمينه.',
  },
  number: {
    title: 'رقم عضويتك',
    lead: 'عشرة أرقام تجدها تحت الرمز على بطاقتك.',
    wrongDigit: 'أحد الأرقام غير صحيح، تحقق منه.',
    next: 'التالي',
  },
  pin: {
    title: 'رقمك السري',
    leadCard: 'قُرئت بطاقتك. أدخل رقمها السري.',
    leadNumber: 'من أربعة إلى ثمانية أرقام، لا يراها أحد.',
    typed: (digits) => `أُدخل ${counted(digits, 'رقم واحد', 'رقمان', 'أرقام', 'رقمًا')}`,
    enter: 'دخول',
  },
  keypad: { name: 'لوحة الأرقام', erase: 'حذف', clear: 'مسح الكل' },
  checking: { title: 'جارٍ التحقق' },
  choose: {
    title: 'اختر هديتك',
    none: 'لا توجد هدايا هنا اليوم.',
    missing: (missing) => `ينقصك ${figure(missing)}`,
    soldOut: 'نفدت',
    limit: 'بلغت الحد',
    page: (page, pages) => `صفحة ${figure(page)} من ${figure(pages)}`,
    next: 'هدايا أخرى',
    previous: 'السابق',
  },
  confirm: { title: 'هل هذه هديتك؟', price: 'السعر', after: 'يبقى لك', get: 'احصل عليها' },
  dispensing: {
    title: 'هديتك في الطريق',
    slot: (slot) => `الخانة ${figure(slot)}`,
    phases: {
      authorising: 'نحجز نقاطك',
      preparing: 'نفحص الجهاز',
      turning: 'الخانة تدور',
      watching: 'نراقب نزول هديتك',
      settling: 'نتأكد',
    },
    step: (step, steps) => `الخطوة ${figure(step)} من ${figure(steps)}`,
  },
  take: {
    title: 'خذ هديتك من الدرج',
    taken: 'هنيئًا لك هديتك',
    left: 'نقاطك الباقية',
    receipt: 'أُرسل الإيصال إلى',
    another: 'هدية أخرى',
    drawing: 'الدرج في أسفل الجهاز.',
  },
  failed: {
    noPoints: 'لم تُخصم أي نقاط',
    other: 'تعذّر تسليم هديتك.',
    now: 'حاول مرة أخرى لاحقًا.',
    nowAnother: 'يمكنك اختيار هدية أخرى.',
    another: 'اختر من جديد',
    nowOrder: {
      pickup_code_used: 'ألم تستلم هديتك؟ اطلب المساعدة.',
      pickup_code_invalid: 'راجع طلبك من فضلك.',
      pickup_code_expired: 'يمكنك أن تطلب من جديد.',
      not_dropped: 'ستعود إليك نقاط طلبك.',
    },
  },
  doubt: {
    title: 'لم نتمكن من التأكد من نزول هديتك.',
    held: (held) => `نقاطك محفوظة ومحجوزة: ${points(held)}.`,
    heldNothing: 'طلبك محفوظ ومحجوز.',
    next: 'سنفحص هذا الجهاز ونراسلك.',
    reference: 'الرقم المرجعي',
    photo: 'التقط صورة له.',
    showReference: 'الرقم المرجعي',
    showText: 'ماذا حدث',
  },
  notes: {
    other: 'لم ينجح ذلك، حاول مرة أخرى.',
    invalid_fields: 'تحقق مما أدخلته.',
    credential_refused: 'لم يُقبل ذلك. تحقق وحاول مرة أخرى.',
    too_many_attempts: 'محاولات كثيرة.',
    member_suspended: 'هذه العضوية غير مفعّلة. اسأل في أحد المتاجر.',
    session_over: 'انتهت جلستك. ابدأ من جديد.',
    insufficient_points: 'نقاطك لا تكفي لهذه الهدية.',
    out_of_stock: 'نفدت هذه الهدية للتو.',
    limit_reached: 'بلغت الحد المسموح من هذه الهدية.',
    price_changed: 'تغيّر السعر للتو.',
    planogram_changed: 'أُعيدت تعبئة الجهاز للتو.',
    reward_unavailable: 'هذه الهدية غير متاحة حاليًا.',
    redemption_refused: 'أُلغيت العملية.',
    pickup_code_invalid: 'رمز الاستلام غير صالح في هذا الجهاز.',
    pickup_code_used: 'استُخدم رمز الاستلام من قبل.',
    pickup_code_expired: 'انتهت صلاحية رمز الاستلام وستعود النقاط.',
    unavailable: 'لا يوجد اتصال الآن.',
    overloaded: 'الجهاز مشغول الآن.',
    not_dropped: 'لم تنزل هديتك.',
    never_energised: 'طال الانتظار فلم يبدأ الجهاز.',
    not_now: 'هذا غير ممكن الآن.',
    scanner_away: 'الماسح لا يعمل الآن. قرّب بطاقتك أو اكتب رقمك.',
    card_reader_away: 'قارئ البطاقات لا يعمل الآن. أظهر رمزك أو اكتب رقمك.',
    readers_away: 'الماسح وقارئ البطاقات لا يعملان الآن. اكتب رقمك من فضلك.',
    stale_tap: 'تغيّرت الشاشة. انظر مرة أخرى.',
  },
  attemptsLeft: (attempts) => `بقيت لك ${counted(attempts, 'محاولة واحدة', 'محاولتان', 'محاولات', 'محاولة')}.`,
  retryIn: (left) => `حاول بعد ${seconds(left)}.`,
};
