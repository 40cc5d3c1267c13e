import { readArguments, type Arguments } from '@tessera/hardware/platform/arguments';
import { languageSchema } from '@tessera/shared/ids/schemas';
import * as z from 'zod/mini';

const portSchema = z.pipe(
  z.string().check(z.regex(/^[0-9]{1,5}$/, 'a port is a number from 0 to 65535')),
  z.transform(Number),
);
const urlSchema = z.string().check(z.regex(/^https?:\/\/[^\s]+$/, 'an address such as http://127.0.0.1:4100'));

const serveSchema = z.object({
  data: z.string(),
  port: portSchema,
  host: z.string(),
  ui: z.string(),
  server: urlSchema,
  guard: z.string(),
  wiring: z.string(),
  inputs: z.string(),
  scanner: z.string(),
  reader: z.string(),
  language: languageSchema,
  enrol: z.string(),
});
export type ServeOptions = z.infer<typeof serveSchema>;

const enrolSchema = z.object({ data: z.string(), server: urlSchema, code: z.string().check(z.minLength(1)) });
export type EnrolOptions = z.infer<typeof enrolSchema>;

const data = { value: 'DIR', about: "This kiosk's folder: key, journal, configuration (made when missing)" };
const server = { value: 'URL', about: 'The server, such as http://127.0.0.1:4100' };

/** `main.js …`: the daemon itself. */
export const readServeOptions = (argv: readonly string[]): Arguments<ServeOptions> =>
  readArguments(argv, {
    command: 'main.js --data DIR --port N --ui DIR --server URL --guard SOCK --wiring FILE …',
    about:
      'The kiosk daemon: speaks to the screen, the server and the hardware, and keeps the journal.\n' +
      'Another command: main.js enrol --data DIR --server URL --code CODE.\n' +
      'Environment: TESSERA_ENROL_CODE (as --enrol), TESSERA_FAILPOINTS (tests only).',
    options: {
      data,
      port: { value: 'N', about: 'Port of the screen (0 for any)' },
      host: { value: 'NAME', about: 'Address to listen on', fallback: '127.0.0.1' },
      ui: { value: 'DIR', about: 'The built screen: kiosk/ui/dist' },
      server,
      guard: { value: 'SOCK', about: 'Unix socket of the guard' },
      wiring: { value: 'FILE', about: 'How the cabinet is wired (JSON)' },
      inputs: { value: 'SOCK', about: "Unix socket of the simulated cabinet's lines" },
      scanner: { value: 'TTY', about: 'Serial device of the QR scanner' },
      reader: { value: 'TTY', about: 'Serial device of the card reader' },
      language: { value: 'zh|en|ar', about: 'Language of the screen while nobody is signed in', fallback: 'zh' },
      enrol: {
        value: 'CODE',
        about: 'Enrol first with this one-use code, or with the one in DIR/enrol.code',
        fallback: '',
      },
    },
    schema: serveSchema,
  });

/** `main.js enrol …`: gives this device its identity, and ends. */
export const readEnrolOptions = (argv: readonly string[]): Arguments<EnrolOptions> =>
  readArguments(argv, {
    command: 'main.js enrol --data DIR --server URL --code CODE',
    about:
      "Makes this device's key, shows it to the server with a one-use code (tessera kiosk enrol-code), and prints\n" +
      '{"kioskId": …}. A kiosk that is enrolled again gets a new key; a damaged journal is put aside.',
    options: { data, server, code: { value: 'CODE', about: 'One-use enrolment code' } },
    schema: enrolSchema,
  });
