/** What a power cut leaves alone. Offsets and lengths are whole sectors. */
export interface Platter {
  readonly bytes: number;
  read(offset: number, length: number): Buffer;
  write(offset: number, bytes: Buffer): void;
}

/** How much chance a cut needs; `SeededChance` of the simulation has it. */
export interface CutChance {
  integer(below: number): number;
  pick<T>(list: readonly T[]): T;
}

/** What a cut did to the writes that no flush had made durable. */
export type Loss = {
  readonly unflushed: number;
  /** Writes of which nothing reached the platter, neither they nor what replaced them. */
  readonly lost: number;
  /** Writes of which some sectors reached it and others did not. */
  readonly torn: number;
};

export const SECTOR = 512;

/** `all` and `none` of the unflushed survive; a `prefix` in the order written, its last write torn; or each sector as chance has it. */
const fates = ['none', 'all', 'prefix', 'scattered'] as const;

type Version = { readonly write: number; readonly bytes: Buffer };

/**
 * A disk with a volatile write cache: it answers a write at once, keeps it in memory until a flush, and may put what is
 * in the cache onto the platter in any order before that. A power cut leaves any subset of the unflushed sectors.
 */
export class VolatileDisk {
  readonly #platter: Platter;
  /** Per sector the unflushed versions, oldest first. */
  readonly #cache = new Map<number, Version[]>();
  #writes = 0;
  #flushes = 0;
  #flushed = 0;

  constructor(platter: Platter) {
    this.#platter = platter;
  }

  get bytes(): number {
    return this.#platter.bytes;
  }

  /** How often a flush was asked for. */
  get flushes(): number {
    return this.#flushes;
  }

  /** Everything that was written, flushed or not. */
  read(offset: number, length: number): Buffer {
    const bytes = this.#platter.read(offset, length);
    const first = sectorOf(offset);
    for (let index = 0; index < sectorOf(length); index += 1) {
      this.#cache
        .get(first + index)
        ?.at(-1)
        ?.bytes.copy(bytes, index * SECTOR);
    }
    return bytes;
  }

  /** With `durable` (FUA) these sectors, and only these, are on the platter when it returns. */
  write(offset: number, bytes: Buffer, durable = false): void {
    const first = sectorOf(offset);
    const count = sectorOf(bytes.length);
    if (durable) {
      for (let index = 0; index < count; index += 1) this.#cache.delete(first + index);
      this.#platter.write(offset, bytes);
      return;
    }
    this.#writes += 1;
    for (let index = 0; index < count; index += 1) {
      // A copy: the caller's buffer may be used again.
      const version = {
        write: this.#writes,
        bytes: Buffer.from(bytes.subarray(index * SECTOR, (index + 1) * SECTOR)),
      };
      const versions = this.#cache.get(first + index);
      if (versions) versions.push(version);
      else this.#cache.set(first + index, [version]);
    }
  }

  /** Makes every write so far durable. */
  flush(): void {
    for (const [sector, versions] of this.#cache) this.#settle(sector, versions.at(-1));
    this.#cache.clear();
    this.#flushed = this.#writes;
    this.#flushes += 1;
  }

  /** The power is gone: chance decides what of the cache was on the platter by then. */
  cut(chance: CutChance): Loss {
    const fate = chance.pick(fates);
    const keep = this.#flushed + chance.integer(this.#writes - this.#flushed + 1);
    const kept = new Map<number, { sectors: number; of: number }>();
    for (const [sector, versions] of this.#cache) {
      const survives = survivor(versions, fate, keep, chance);
      this.#settle(sector, survives);
      for (const { write } of versions) {
        const tally = kept.get(write) ?? { sectors: 0, of: 0 };
        kept.set(write, {
          sectors: tally.sectors + (survives && survives.write >= write ? 1 : 0),
          of: tally.of + 1,
        });
      }
    }
    this.#cache.clear();
    this.#flushed = this.#writes;
    const tallies = [...kept.values()];
    return {
      unflushed: tallies.length,
      lost: tallies.filter(({ sectors }) => sectors === 0).length,
      torn: tallies.filter(({ sectors, of }) => sectors > 0 && sectors < of).length,
    };
  }

  #settle(sector: number, version: Version | undefined): void {
    if (version) this.#platter.write(sector * SECTOR, version.bytes);
  }
}

/** The version of one sector that is on the platter after the cut; undefined where it is still the flushed one. */
function survivor(
  versions: readonly Version[],
  fate: (typeof fates)[number],
  keep: number,
  chance: CutChance,
): Version | undefined {
  switch (fate) {
    case 'none':
      return undefined;
    case 'all':
      return versions.at(-1);
    case 'prefix': {
      const whole = versions.filter(({ write }) => write < keep).at(-1);
      const torn = versions.find(({ write }) => write === keep);
      return torn && chance.integer(2) === 1 ? torn : whole;
    }
    case 'scattered':
      return versions[chance.integer(versions.length + 1) - 1];
  }
}

function sectorOf(bytes: number): number {
  if (bytes % SECTOR !== 0) throw new Error(`${String(bytes)} is not a whole number of sectors`);
  return bytes / SECTOR;
}
