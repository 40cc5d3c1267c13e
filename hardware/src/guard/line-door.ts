import * as z from 'zod/mini';

/** The command line of a process that does nothing but let go of lines: how they are wired, and who drives them. */
export const lineDoor = (command: string, about: string) => ({
  command: `${command} --wiring FILE --cabinet SOCK`,
  about,
  options: {
    wiring: { value: 'FILE', about: 'How the cabinet is wired (JSON)' },
    cabinet: { value: 'SOCK', about: "The simulated cabinet's line socket" },
  },
  schema: z.object({ wiring: z.string(), cabinet: z.string() }),
});
