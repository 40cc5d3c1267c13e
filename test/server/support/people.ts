import type { RunningServer } from './server.ts';

export const inAll = (text: string) => ({ zh: text, en: text, ar: text });

/** An active merchant with one terminal: 1 point a full euro. */
export async function openMerchant(server: RunningServer, name = 'Bakery', rate = { points: 1, perMinor: 100 }) {
  const token = server.operator;
  const { industryId } = await server.must('POST', '/v1/industries', { token, body: { name: inAll('Food') } });
  const { merchantId } = await server.must('POST', '/v1/merchants', {
    token,
    body: { name, industryId, rate, currency: 'EUR' },
  });
  for (const state of ['signed', 'active']) {
    await server.must('POST', `/v1/merchants/${merchantId}/state`, { token, body: { state } });
  }
  const { branchId } = await server.must('POST', `/v1/merchants/${merchantId}/branches`, {
    token,
    body: { name: 'Main' },
  });
  const terminal = await server.must('POST', `/v1/merchants/${merchantId}/terminals`, {
    token,
    body: { name: 'Till 1', branchId },
  });
  return { industryId, merchantId, branchId, terminalId: terminal.terminalId, token: terminal.token };
}

/** A member whom staff have added. */
export async function addMember(server: RunningServer, name = 'Wei Chen', pin = '2468'): Promise<string> {
  const body = {
    name,
    language: 'zh',
    pin,
    address: { kind: 'email', value: `${name.replaceAll(' ', '.')}@example.org` },
  };
  const member = await server.must('POST', '/v1/members', { token: server.operator, body });
  return member.memberId;
}
