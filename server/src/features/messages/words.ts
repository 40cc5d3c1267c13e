import { localisedSchema, type Language } from '@tessera/shared/ids/schemas';
import * as z from 'zod';
import type { MemberMessageKind, OutboxTopics } from '../../platform/outbox/outbox.ts';

export type MessageKind = MemberMessageKind | OutboxTopics['address_message']['kind'];
export type MessageFacts = Readonly<Record<string, string | number>>;
export interface Words {
  readonly subject: string;
  readonly body: string;
}

/** The facts as they read in one language. */
interface Said {
  readonly reward: string;
  readonly points: string;
  readonly kiosk: string;
  readonly merchant: string;
  readonly reference: string;
  readonly code: string;
  readonly until: string;
  readonly minutes: string;
  readonly tier: string;
  /** `2028-02-29`. */
  readonly lastDay: string;
}

type Phrases = Readonly<Record<MessageKind, (said: Said) => Words>>;

const en: Phrases = {
  application_code: ({ code, minutes }) => ({
    subject: `${code} is your Tessera code`,
    body: `Your code is ${code}. It is good for ${minutes} minutes. If you did not ask for it, do nothing: nothing happens.`,
  }),
  redemption_captured: ({ reward, points, kiosk, reference }) => ({
    subject: `Enjoy your gift: ${reward}`,
    body: `You received ${reward} at ${kiosk} for ${points} points. Reference ${reference}.`,
  }),
  redemption_released: ({ reward, points, kiosk, reference }) => ({
    subject: `No points were taken for ${reward}`,
    body: `${reward} did not come out at ${kiosk}. Your ${points} points are yours again. Reference ${reference}.`,
  }),
  redemption_in_doubt: ({ reward, points, kiosk, reference }) => ({
    subject: `We are checking your gift: ${reward}`,
    body: `We could not confirm that ${reward} came out at ${kiosk}. Your ${points} points are safe and on hold. We will check the machine and write to you. Reference ${reference}.`,
  }),
  pickup_ordered: ({ reward, points, kiosk, code, until, reference }) => ({
    subject: `Your pick-up code for ${reward}`,
    body: `Scan this code at ${kiosk} until ${until}: ${code}\n${points} points are on hold for it. Reference ${reference}.`,
  }),
  pickup_ended: ({ reward, kiosk, reference }) => ({
    subject: `Your order has ended: ${reward}`,
    body: `Your order of ${reward} at ${kiosk} has ended. Your points come back as soon as the machine has confirmed it. Reference ${reference}.`,
  }),
  payment_captured: ({ points, merchant, reference }) => ({
    subject: `You paid ${points} points at ${merchant}`,
    body: `${points} points were taken for your purchase at ${merchant}. Reference ${reference}.`,
  }),
  payment_refunded: ({ points, merchant, reference }) => ({
    subject: `${points} points came back from ${merchant}`,
    body: `${points} points of your purchase at ${merchant} are yours again, and expire when they would have. Reference ${reference}.`,
  }),
  points_expiring: ({ points, until }) => ({
    subject: `${points} of your points expire soon`,
    body: `${points} of your points expire from ${until} on. Use them before then at any machine or merchant of the alliance.`,
  }),
  tier_raised: ({ tier }) => ({
    subject: `You are now ${tier}`,
    body: `You have reached the tier ${tier}. Thank you.`,
  }),
  tier_grace: ({ tier, points, lastDay }) => ({
    subject: `You keep ${tier} until ${lastDay}`,
    body: `${points} qualifying points are missing for your tier ${tier}. Earn them until ${lastDay}, and you keep it.`,
  }),
  tier_kept: ({ tier }) => ({
    subject: `You keep ${tier}`,
    body: `You have what your tier ${tier} asks for again, and keep it.`,
  }),
  tier_lowered: ({ tier }) => ({
    subject: `Your tier is now ${tier}`,
    body: `The time in which your former tier was kept for you is over. Your tier is now ${tier}.`,
  }),
  tier_moved: ({ tier }) => ({
    subject: `Your tier is now ${tier}`,
    body: `The alliance has changed its tiers. Your tier is now ${tier}.`,
  }),
  tier_ended: () => ({
    subject: 'Your tier has ended',
    body: 'Your tier has ended. Your points stay yours; what you buy from now on counts towards a tier again.',
  }),
};

const zh: Phrases = {
  application_code: ({ code, minutes }) => ({
    subject: `您的 Tessera 验证码：${code}`,
    body: `您的验证码是 ${code}，${minutes} 分钟内有效。如果不是您本人申请，请忽略本消息。`,
  }),
  redemption_captured: ({ reward, points, kiosk, reference }) => ({
    subject: `兑换成功：${reward}`,
    body: `您已在${kiosk}用 ${points} 积分兑换${reward}。编号：${reference}。`,
  }),
  redemption_released: ({ reward, points, kiosk, reference }) => ({
    subject: `未扣积分：${reward}`,
    body: `${reward}未能在${kiosk}取出，您的 ${points} 积分已退回。编号：${reference}。`,
  }),
  redemption_in_doubt: ({ reward, points, kiosk, reference }) => ({
    subject: `正在核实：${reward}`,
    body: `我们无法确认${reward}是否已在${kiosk}取出。您的 ${points} 积分安全冻结中，我们会检查兑换机并通知您。编号：${reference}。`,
  }),
  pickup_ordered: ({ reward, points, kiosk, code, until, reference }) => ({
    subject: `取货码：${reward}`,
    body: `请在 ${until} 前到${kiosk}扫描此码：${code}\n已为此冻结 ${points} 积分。编号：${reference}。`,
  }),
  pickup_ended: ({ reward, kiosk, reference }) => ({
    subject: `订单已结束：${reward}`,
    body: `您在${kiosk}的${reward}订单已结束。兑换机确认后，积分将退回。编号：${reference}。`,
  }),
  payment_captured: ({ points, merchant, reference }) => ({
    subject: `您在${merchant}支付了 ${points} 积分`,
    body: `您在${merchant}的消费已扣除 ${points} 积分。编号：${reference}。`,
  }),
  payment_refunded: ({ points, merchant, reference }) => ({
    subject: `${merchant}已退回 ${points} 积分`,
    body: `您在${merchant}消费的 ${points} 积分已退回，有效期不变。编号：${reference}。`,
  }),
  points_expiring: ({ points, until }) => ({
    subject: `您有 ${points} 积分即将到期`,
    body: `您有 ${points} 积分将自 ${until} 起陆续到期，请在此之前在任一兑换机或联盟商户使用。`,
  }),
  tier_raised: ({ tier }) => ({
    subject: `您已升为${tier}`,
    body: `您已达到${tier}等级，感谢您的支持。`,
  }),
  tier_grace: ({ tier, points, lastDay }) => ({
    subject: `${tier}等级为您保留至 ${lastDay}`,
    body: `您的${tier}等级还差 ${points} 定级积分。在 ${lastDay} 前补足，即可保级。`,
  }),
  tier_kept: ({ tier }) => ({
    subject: `您已保住${tier}等级`,
    body: `您已重新满足${tier}等级的条件，等级不变。`,
  }),
  tier_lowered: ({ tier }) => ({
    subject: `您的等级现为${tier}`,
    body: `原等级的保留期已满，您的等级现为${tier}。`,
  }),
  tier_moved: ({ tier }) => ({
    subject: `您的等级现为${tier}`,
    body: `联盟调整了会员等级，您的等级现为${tier}。`,
  }),
  tier_ended: () => ({
    subject: '您的等级已到期',
    body: '您的等级已到期。积分仍归您所有，今后的消费会重新计入定级。',
  }),
};

const ar: Phrases = {
  application_code: ({ code, minutes }) => ({
    subject: `رمز Tessera الخاص بك: ${code}`,
    body: `رمزك هو ${code}، وهو صالح لمدة ${minutes} دقيقة. إذا لم تطلبه فتجاهل هذه الرسالة.`,
  }),
  redemption_captured: ({ reward, points, kiosk, reference }) => ({
    subject: `استمتع بهديتك: ${reward}`,
    body: `استلمت ${reward} من ${kiosk} مقابل ${points} نقطة. المرجع ${reference}.`,
  }),
  redemption_released: ({ reward, points, kiosk, reference }) => ({
    subject: `لم تُخصم أي نقاط: ${reward}`,
    body: `لم تخرج ${reward} من ${kiosk}. عادت إليك ${points} نقطة. المرجع ${reference}.`,
  }),
  redemption_in_doubt: ({ reward, points, kiosk, reference }) => ({
    subject: `نتحقق من هديتك: ${reward}`,
    body: `لم نتمكن من التأكد من خروج ${reward} من ${kiosk}. نقاطك (${points}) محفوظة ومحجوزة. سنفحص الجهاز ونراسلك. المرجع ${reference}.`,
  }),
  pickup_ordered: ({ reward, points, kiosk, code, until, reference }) => ({
    subject: `رمز استلام ${reward}`,
    body: `امسح هذا الرمز عند ${kiosk} قبل ${until}: ${code}\nحُجزت ${points} نقطة لذلك. المرجع ${reference}.`,
  }),
  pickup_ended: ({ reward, kiosk, reference }) => ({
    subject: `انتهى طلبك: ${reward}`,
    body: `انتهى طلبك ${reward} عند ${kiosk}. تعود نقاطك فور تأكيد الجهاز. المرجع ${reference}.`,
  }),
  payment_captured: ({ points, merchant, reference }) => ({
    subject: `دفعت ${points} نقطة لدى ${merchant}`,
    body: `خُصمت ${points} نقطة مقابل مشترياتك لدى ${merchant}. المرجع ${reference}.`,
  }),
  payment_refunded: ({ points, merchant, reference }) => ({
    subject: `عادت إليك ${points} نقطة من ${merchant}`,
    body: `عادت إليك ${points} نقطة من مشترياتك لدى ${merchant}، وتنتهي صلاحيتها في موعدها السابق. المرجع ${reference}.`,
  }),
  points_expiring: ({ points, until }) => ({
    subject: `${points} من نقاطك تنتهي صلاحيتها قريبًا`,
    body: `تنتهي صلاحية ${points} من نقاطك ابتداءً من ${until}. استخدمها قبل ذلك في أي جهاز أو لدى أي تاجر في التحالف.`,
  }),
  tier_raised: ({ tier }) => ({
    subject: `أصبحت في فئة ${tier}`,
    body: `لقد بلغت فئة ${tier}. شكرًا لك.`,
  }),
  tier_grace: ({ tier, points, lastDay }) => ({
    subject: `تبقى في فئة ${tier} حتى ${lastDay}`,
    body: `تنقصك ${points} نقطة تأهيلية لفئة ${tier}. اكسبها حتى ${lastDay} لتبقى فيها.`,
  }),
  tier_kept: ({ tier }) => ({
    subject: `بقيت في فئة ${tier}`,
    body: `استوفيت شروط فئة ${tier} من جديد وبقيت فيها.`,
  }),
  tier_lowered: ({ tier }) => ({
    subject: `فئتك الآن ${tier}`,
    body: `انتهت المدة التي حُفظت فيها فئتك السابقة. فئتك الآن ${tier}.`,
  }),
  tier_moved: ({ tier }) => ({
    subject: `فئتك الآن ${tier}`,
    body: `غيّر التحالف فئاته. فئتك الآن ${tier}.`,
  }),
  tier_ended: () => ({
    subject: 'انتهت فئتك',
    body: 'انتهت فئتك. تبقى نقاطك لك، وما تشتريه من الآن يُحتسب لفئة من جديد.',
  }),
};

const phrases: Readonly<Record<Language, Phrases>> = { zh, en, ar };

/** A name in the reader's language; facts carry all three as JSON. */
function localName(text: string, language: Language): string {
  const names = z.safeParse(localisedSchema, parsed(text));
  return names.success ? names.data[language] : text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Made once: making one costs more than the rest of a message. */
const numbers: Readonly<Record<Language, Intl.NumberFormat>> = {
  zh: new Intl.NumberFormat('zh'),
  en: new Intl.NumberFormat('en'),
  ar: new Intl.NumberFormat('ar'),
};

const momentOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** What a message says, in the reader's language. Facts that a kind does not need may be missing. */
export function wordsOf(kind: MessageKind, language: Language, facts: MessageFacts): Words {
  const text = (name: string): string => String(facts[name] ?? '');
  return phrases[language][kind]({
    reward: localName(text('rewardName'), language),
    points: numbers[language].format(Number(facts['points'] ?? 0)),
    kiosk: text('kioskName'),
    merchant: text('merchantName'),
    reference: text('redemptionId'),
    code: text('code'),
    until: momentOf(Number(facts['expiresAt'] ?? 0)),
    minutes: text('minutes'),
    tier: localName(text('tierName'), language),
    lastDay: text('lastDay'),
  });
}
