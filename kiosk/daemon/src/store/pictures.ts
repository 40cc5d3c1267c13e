import { createHash } from 'node:crypto';
import { replaceFile, type Disk } from '../platform/disk.ts';
import type { Log } from '../platform/log-events.ts';

/** Fetches a picture by its path on the server; undefined where that fails. */
export type FetchPicture = (path: string) => Promise<Uint8Array | undefined>;

const FOLDER = 'pictures';
const MAX_BYTES = 512 * 1024;
const SHAPE = /^\/v1\/pictures\/(([0-9a-f]{64})\.(?:svg|png|jpg|jpeg|webp))$/;

/** Where each file of a picture comes from, and the hash that it must have. */
type Wanted = ReadonlyMap<string, { readonly path: string; readonly hash: string }>;

function wantedOf(serverPaths: readonly string[]): Wanted {
  const wanted = new Map<string, { path: string; hash: string }>();
  for (const path of serverPaths) {
    const [, name, hash] = SHAPE.exec(path) ?? [];
    if (name !== undefined && hash !== undefined) wanted.set(name, { path, hash });
  }
  return wanted;
}

/** Pictures of rewards, kept on disk under the hash of their content, so that they show without the server. */
export class PictureCache {
  readonly #cached = new Set<string>();
  #wanted: Wanted = new Map();
  #syncing: Promise<boolean> | null = null;

  private constructor(
    private readonly dependencies: {
      readonly disk: Disk;
      readonly fetchPicture: FetchPicture;
      readonly log: Log;
    },
    names: readonly string[],
  ) {
    for (const name of names) this.#cached.add(name);
  }

  static async open(dependencies: PictureCache['dependencies']): Promise<PictureCache> {
    const names = await dependencies.disk.list(FOLDER);
    return new PictureCache(
      dependencies,
      names.filter((name) => !name.endsWith('.tmp')),
    );
  }

  /** The daemon's own path of a server's picture; null while it is not cached. */
  localPath(serverPath: string | null): string | null {
    const name = SHAPE.exec(serverPath ?? '')?.[1];
    return name !== undefined && this.#cached.has(name) ? `/${FOLDER}/${name}` : null;
  }

  /** The bytes of a cached picture by its file name. */
  async read(name: string): Promise<Uint8Array | undefined> {
    return this.#cached.has(name) ? this.dependencies.disk.read(`${FOLDER}/${name}`) : undefined;
  }

  /**
   * Fetches what is missing and drops what no reward shows any more. Answers whether anything new can be shown. What is
   * asked for while that goes on is fetched in the same run: the newest list counts.
   */
  sync(serverPaths: readonly string[]): Promise<boolean> {
    this.#wanted = wantedOf(serverPaths);
    this.#syncing ??= this.#syncAll().finally(() => {
      this.#syncing = null;
    });
    return this.#syncing;
  }

  async #syncAll(): Promise<boolean> {
    let isNew = false;
    let done: Wanted;
    do {
      done = this.#wanted;
      for (const [name, { path, hash }] of done) {
        if (!this.#cached.has(name) && (await this.#fetch(name, path, hash))) isNew = true;
      }
      for (const name of this.#cached) if (!this.#wanted.has(name)) await this.#drop(name);
    } while (done !== this.#wanted);
    return isNew;
  }

  async #fetch(name: string, path: string, hash: string): Promise<boolean> {
    const { disk, fetchPicture, log } = this.dependencies;
    const bytes = await fetchPicture(path);
    if (!bytes) return false;
    if (bytes.length > MAX_BYTES || createHash('sha256').update(bytes).digest('hex') !== hash) {
      log('picture_refused', { name, bytes: bytes.length });
      return false;
    }
    await replaceFile(disk, `${FOLDER}/${name}`, bytes);
    this.#cached.add(name);
    return true;
  }

  async #drop(name: string): Promise<void> {
    this.#cached.delete(name);
    await this.dependencies.disk.remove(`${FOLDER}/${name}`);
  }
}
