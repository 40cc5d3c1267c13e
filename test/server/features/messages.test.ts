import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createSmtpMailer } from '@tessera/server/platform/messaging/smtp-mailer';
import type { Mailer, OutgoingMessage } from '@tessera/server/platform/messaging/mailer';
import { expect } from 'chai';
import { addMember, inAll } from '../support/people.ts';
import { runServer, type RunningServer } from '../support/server.ts';

const facts = {
  rewardName: JSON.stringify({ ...inAll('Honey'), zh: '蜂蜜' }),
  points: 1300,
  kioskName: 'Lobby',
  redemptionId: 'R1',
};

describe('messages', () => {
  let server: RunningServer;
  let carried: OutgoingMessage[];
  let failing: boolean;
  const mailer: Mailer = {
    deliver: (message) => {
      if (failing) return Promise.reject(new Error('The post is closed'));
      carried.push(message);
      return Promise.resolve();
    },
  };
  beforeEach(async () => {
    carried = [];
    failing = false;
    server = await runServer({ mailer });
  });
  afterEach(() => server.stop());

  const mailbox = async () => (await server.must('GET', '/v1/messages', { token: server.operator })).items;

  it('speaks the member’s language, to the verified address', async () => {
    const memberId = await addMember(server, 'Wei Chen');
    await server.server.alliance.messages.deliverToMember(901, { memberId, kind: 'redemption_captured', facts });
    expect(carried).to.have.length(1);
    expect(carried[0]).to.include({ channel: 'email', address: 'wei.chen@example.org', subject: '兑换成功：蜂蜜' });
    expect(carried[0]?.body).to.contain('1,300 积分');
    const [kept] = await mailbox();
    expect(kept).to.include({ to: 'wei.chen@example.org', state: 'sent', memberId });
  });

  it('is kept and carried once, however often the outbox delivers it', async () => {
    const memberId = await addMember(server);
    for (let time = 0; time < 3; time += 1) {
      await server.server.alliance.messages.deliverToMember(902, { memberId, kind: 'redemption_in_doubt', facts });
    }
    expect(carried).to.have.length(1);
    expect(await mailbox()).to.have.length(1);
  });

  it('is tried again after a failure, under the same id', async () => {
    const memberId = await addMember(server);
    const deliver = () =>
      server.server.alliance.messages.deliverToMember(903, { memberId, kind: 'redemption_released', facts });
    failing = true;
    const failure = await deliver().catch((error: unknown) => String(error));
    expect(failure).to.contain('The post is closed');
    const [failed] = await mailbox();
    expect(failed).to.include({ state: 'failed' });
    failing = false;
    await deliver();
    const [sent] = await mailbox();
    expect(sent).to.include({ state: 'sent', error: null });
    expect(carried[0]?.messageId).to.equal((sent as unknown as { messageId: string }).messageId);
  });

  it('stays in the inbox of a member without an address', async () => {
    const body = { name: 'Nobody', language: 'en' };
    const { memberId } = await server.must('POST', '/v1/members', { token: server.operator, body });
    await server.server.alliance.messages.deliverToMember(904, { memberId, kind: 'redemption_captured', facts });
    expect(carried).to.have.length(0);
    expect((await mailbox())[0]).to.include({ channel: 'inbox', state: 'sent' });
  });
});

/** Just enough of an SMTP server to receive letters; `underWay` is how many were being handed over at once. */
async function smtpServer() {
  const letters: string[] = [];
  const underWay = { now: 0, most: 0 };
  const server = createServer((socket) => {
    let letter: string | undefined;
    const say = (line: string) => socket.write(`${line}\r\n`);
    say('220 test');
    socket.on('data', (data) => {
      for (const line of data.toString().split('\r\n')) {
        if (letter !== undefined) {
          if (line === '.') {
            letters.push(letter);
            letter = undefined;
            underWay.now -= 1;
            say('250 kept');
          } else letter += `${line}\n`;
        } else if (/^DATA/i.test(line)) {
          letter = '';
          say('354 go on');
        } else if (/^MAIL/i.test(line)) {
          underWay.now += 1;
          underWay.most = Math.max(underWay.most, underWay.now);
          say('250 fine');
        } else if (/^RCPT TO:<refused@/i.test(line)) {
          underWay.now -= 1;
          say('550 nobody here');
        } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
        else if (line !== '') say('250 fine');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, letters, underWay, server };
}

describe('the SMTP mailer', () => {
  it('hands letters over one after the other, and a refused one keeps back none', async () => {
    const { port, letters, underWay, server } = await smtpServer();
    const mailer = createSmtpMailer({ url: `smtp://127.0.0.1:${String(port)}`, from: 'hello@points.example' });
    const letter = (name: string) =>
      mailer
        .deliver({ messageId: name, channel: 'email', address: `${name}@example.org`, subject: name, body: name })
        .then(() => 'sent')
        .catch(() => 'failed');
    expect(await Promise.all(['wei', 'refused', 'sara'].map(letter))).to.deep.equal(['sent', 'failed', 'sent']);
    mailer.close();
    server.close();
    expect(letters).to.have.length(2);
    expect(underWay.most).to.equal(1);
  });

  it('sends e-mail under the message’s id, and leaves other channels alone', async () => {
    const { port, letters, server } = await smtpServer();
    const mailer = createSmtpMailer({
      url: `smtp://127.0.0.1:${String(port)}`,
      from: 'Tessera <hello@points.example>',
    });
    const message = {
      messageId: 'M1',
      channel: 'email',
      address: 'wei@example.org',
      subject: 'Hello',
      body: 'A gift.',
    } as const;
    await mailer.deliver(message);
    await mailer.deliver({ ...message, channel: 'phone', address: '+4915112345678' });
    mailer.close();
    server.close();
    expect(letters).to.have.length(1);
    expect(letters[0])
      .to.contain('To: wei@example.org')
      .and.contain('Message-ID: <M1@points.example>')
      .and.contain('A gift.');
  });
});
