import type { Express } from 'express';
import { problem } from '@tessera/shared/problem';
import { isMemberId } from '@tessera/shared/ids/member-id';
import type { Commands } from '../../platform/commands/commands.ts';
import { sendProblem } from '../../platform/http/problems.ts';
import type { Credentials } from './credentials.ts';

/**
 * `/demo/members/<id>/qr`: a member's current code as text, for whoever plays the member in a demo. It asks for no sign-in
 * and bears any origin, because the simulated cabinet's page is served elsewhere; so it exists in the demo only.
 */
export const demoPage =
  (credentials: Credentials, commands: Commands) =>
  (app: Express): void => {
    app.get('/demo/members/:memberId/qr', async (req, res) => {
      res.setHeader('Access-Control-Allow-Origin', '*');
      res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
      const { memberId } = req.params;
      const code = isMemberId(memberId)
        ? await commands.run({ name: 'demo.qr', actor: 'public', work: (tx) => credentials.show(tx, memberId, true) })
        : undefined;
      res.setHeader('Cache-Control', 'no-store');
      if (code?.ok) res.type('text/plain').send(code.value.text);
      else sendProblem(res, code?.error ?? problem('not_found'));
    });
  };
