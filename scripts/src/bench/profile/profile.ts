import * as z from 'zod/mini';

/** What `node --cpu-prof` writes, as far as it is read here. */
export const profileSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string() }),
      children: z.optional(z.array(z.number())),
    }),
  ),
  samples: z.array(z.number()),
  /** Microseconds from each sample to the one before. */
  timeDeltas: z.array(z.number()),
});
export type Profile = z.infer<typeof profileSchema>;

/** One function on the stack. */
export type Frame = { readonly name: string; readonly url: string };

/** A stack that was seen, the innermost function first, and for how long. */
export type Seen = { readonly stack: readonly Frame[]; readonly micros: number };

/** Every stack of a profile with its time. */
export function stacksOf({ nodes, samples, timeDeltas }: Profile): Seen[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const micros = new Map<number, number>();
  samples.forEach((id, at) => micros.set(id, (micros.get(id) ?? 0) + (timeDeltas[at] ?? 0)));
  return [...micros].map(([id, time]) => {
    const stack: Frame[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const node = byId.get(at);
      if (node) stack.push({ name: node.callFrame.functionName, url: node.callFrame.url });
    }
    return { stack, micros: time };
  });
}
