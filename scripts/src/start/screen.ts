import { groupMemberId } from '@tessera/shared/ids/member-id';
import type { Tessera } from './tessera.ts';

/** The one line of `--json`: where everything is, and the credentials of the demo. */
export function readyLine({ layout, supervisor, seed, kiosk }: Tessera): string {
  return JSON.stringify({
    ready: true,
    urls: layout.urls,
    admin: seed.admin,
    merchant: seed.merchant,
    kiosks: [kiosk],
    members: seed.members,
    pids: supervisor.pids(),
  });
}

/** The same for people. */
export function readyScreen({ layout, seed, kiosk }: Tessera): string {
  const { urls } = layout;
  const members = seed.members.slice(0, 4).map(({ memberId, pin, cardUid, points }) => {
    const known = points.toLocaleString('en').padStart(8);
    return `    ${groupMemberId(memberId)}   PIN ${pin.padEnd(8)} card ${cardUid.padEnd(14)} ${known} points`;
  });
  return `
  Tessera runs. Everything here is a demo: it is yours to break.

    Kiosk screen        ${urls.kiosk}
    Cabinet             ${urls.cabinet}   scan, tap, jam, take the gift
    Operations page     ${urls.admin}
                        ${seed.admin.login} / ${seed.admin.password}   (second person: ${seed.second.login} / ${seed.second.password})
    API                 ${urls.server}/docs

  Try it: open the kiosk and the cabinet side by side, scan a member's code at the cabinet, choose a gift.

    member         credentials
${members.join('\n')}
    A member's present code, as text: ${seed.members[0]?.qrUrl ?? ''}

    Data                ${layout.dataDir}   (kiosk: ${kiosk.dataDir})
    Process ids, logs   ${layout.pidsFile}, ${layout.logDir}
    Check the books     npx tessera check --data ${layout.dataDir}

  Ctrl-C stops all of it.
`;
}
