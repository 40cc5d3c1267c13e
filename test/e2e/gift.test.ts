import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { openBrowser } from '@tessera/scripts/harness/browser';
import { codeOf, eventually, expectCleanBooks, factsOf, newRow } from './support/facts.ts';
import { Glass } from './support/glass.ts';
import { startRunning, temporaryFolder, type Member, type Running } from './support/running.ts';

describe('e2e: a member gets a gift', () => {
  const folder = temporaryFolder();
  let running: Running;
  let browser: Browser;
  let glass: Glass | undefined;

  before(async () => {
    [running, browser] = await Promise.all([startRunning(folder.path), openBrowser()]);
  });
  afterEach(async function () {
    if (this.currentTest?.isFailed() === true) await glass?.keepPicture(`broken-${this.currentTest.title}`);
    await glass?.close();
    glass = undefined;
    await running.cabinet.takeGift();
  });
  after(async () => {
    await browser.close();
    await running.stop();
    folder.remove();
  });

  /** Looks at the present screen: a picture for people, axe for everybody. */
  async function look(at: Glass, name: string): Promise<void> {
    await at.keepPicture(`gift-${name}`);
    expect(await at.accessibilityFaults(), name).to.deep.equal([]);
  }

  for (const [index, language] of (['zh', 'en', 'ar'] as const).entries()) {
    it(`from attract to the tray, by scanning the code on the phone, in ${language}`, async () => {
      const member = running.ready.members[index]!;
      const before = await factsOf(running, member);
      glass = await Glass.open(browser, running.ready.urls.kiosk, language);
      await glass.screen('attract');
      await look(glass, '1-attract');
      await glass.begin();
      await look(glass, '2-identify');
      await running.cabinet.scan(await codeOf(member));
      await glass.screen('choose');
      await glass.speak();
      expect(await glass.text()).to.include(glass.words.figure(before.available));
      await look(glass, '3-choose');
      await glass.choose();
      await look(glass, '4-confirm');
      await glass.tap(glass.words.confirm.get);
      await glass.screen('dispensing');
      await look(glass, '5-dispensing');
      await glass.screen('take');
      await look(glass, '6-take');

      const after = await eventually(
        () => factsOf(running, member),
        (facts) => facts.held === 0 && facts.available < before.available,
      );
      const row = newRow(before, after);
      expect(row).to.include({ state: 'captured', memberId: member.memberId });
      expect(after.available).to.equal(before.available - row.price);
      expect(await glass.text()).to.include(glass.words.figure(after.available));
      expect(after.drops).to.equal(before.drops + 1);
      expect(after.goods).to.equal(before.goods - 1);
      expect(after.onHand).to.equal(before.onHand - 1);
      await running.cabinet.takeGift();
      await glass.home();
      expect(await glass.text()).to.not.include(glass.words.figure(after.available));
      await expectCleanBooks(running);
    });
  }

  /** Signed in already: takes the first gift, and proves that the books know it. */
  async function takeGift(at: Glass, member: Member): Promise<void> {
    const before = await factsOf(running, member);
    await at.choose();
    await at.tap(at.words.confirm.get);
    await at.screen('take');
    const after = await eventually(
      () => factsOf(running, member),
      (facts) => facts.available < before.available,
    );
    expect(newRow(before, after).state).to.equal('captured');
    await running.cabinet.takeGift();
    await at.home();
  }

  it('by card and PIN', async () => {
    const member = running.ready.members[3]!;
    glass = await Glass.open(browser, running.ready.urls.kiosk, 'en');
    await glass.begin();
    await running.cabinet.tap(member.cardUid);
    await glass.screen('enter_pin');
    await glass.typePin(member.pin);
    await takeGift(glass, member);
  });

  it('by member number and PIN, with a message that says so', async () => {
    const member = running.ready.members[0]!;
    const told = (await running.books.messages(member.memberId)).length;
    glass = await Glass.open(browser, running.ready.urls.kiosk, 'en');
    await glass.begin();
    await glass.typeNumber(member.memberId);
    await glass.typePin(member.pin);
    await takeGift(glass, member);
    const messages = await eventually(
      () => running.books.messages(member.memberId),
      (list) => list.length > told,
    );
    expect(messages.length).to.equal(told + 1);
    await expectCleanBooks(running);
  });
});
