import { SECTOR, type VolatileDisk } from './volatile-disk.ts';

/** https://github.com/NetworkBlockDevice/nbd/blob/master/doc/proto.md: the part that QEMU speaks. */
const OPTION_MAGIC = 0x49484156454f5054n; // "IHAVEOPT"
const OPTION_REPLY_MAGIC = 0x3e889045565a9n;
const REQUEST_MAGIC = 0x25609513;
const REPLY_MAGIC = 0x67446698;
const FIXED_NEWSTYLE = 1;
const NO_ZEROES = 2;
const HAS_FLAGS = 1;
const SEND_FLUSH = 4;
const SEND_FUA = 8;
const TRANSMISSION_FLAGS = HAS_FLAGS | SEND_FLUSH | SEND_FUA;
const option = { exportName: 1, abort: 2, go: 7 } as const;
const answer = { ack: 1, info: 3, unsupported: 0x80000001 } as const;
const command = { read: 0, write: 1, disconnect: 2, flush: 3 } as const;
const FUA = 1;
const EINVAL = 22;
const INFO_EXPORT = 0;
const REQUEST_BYTES = 28;
const OPTION_BYTES = 16;
/** Beyond QEMU's own limit of 32 MiB a length is garbage. */
const LONGEST = 32 * 1024 * 1024;

type State = 'flags' | 'options' | 'requests' | 'held' | 'ended';

/** One client of a disk, from its greeting on: bytes in, bytes out. It has no socket of its own. */
export class NbdSession {
  readonly #disk: VolatileDisk;
  readonly #mayFlush: () => boolean;
  #state: State = 'flags';
  #input: Buffer = Buffer.alloc(0);
  #output: Buffer[] = [];
  #padding = true;

  /** @param mayFlush asked at each flush; with the first no the disk stands still, as it does when the power goes */
  constructor(disk: VolatileDisk, mayFlush: () => boolean = () => true) {
    this.#disk = disk;
    this.#mayFlush = mayFlush;
  }

  /** True once the client said good-bye or garbage. */
  get ended(): boolean {
    return this.#state === 'ended';
  }

  /** What the server says first. */
  greeting(): Buffer {
    const bytes = Buffer.alloc(18);
    bytes.write('NBDMAGIC', 0, 'latin1');
    bytes.writeBigUInt64BE(OPTION_MAGIC, 8);
    bytes.writeUInt16BE(FIXED_NEWSTYLE | NO_ZEROES, 16);
    return bytes;
  }

  /** Takes what came, in pieces of any size; answers what is to be sent. */
  receive(chunk: Buffer): Buffer {
    this.#input = this.#input.length === 0 ? chunk : Buffer.concat([this.#input, chunk]);
    while (this.#step());
    const output = Buffer.concat(this.#output);
    this.#output = [];
    return output;
  }

  /** Serves one message; false where it is not all there yet. */
  #step(): boolean {
    switch (this.#state) {
      case 'flags': {
        const flags = this.#take(4);
        if (!flags) return false;
        this.#padding = (flags.readUInt32BE() & NO_ZEROES) === 0;
        this.#state = 'options';
        return true;
      }
      case 'options':
        return this.#option();
      case 'requests':
        return this.#request();
      case 'held':
      case 'ended':
        return false;
    }
  }

  #take(count: number): Buffer | undefined {
    if (this.#input.length < count) return undefined;
    const taken = this.#input.subarray(0, count);
    this.#input = this.#input.subarray(count);
    return taken;
  }

  #option(): boolean {
    if (this.#input.length < OPTION_BYTES) return false;
    const length = this.#input.readUInt32BE(12);
    if (this.#input.readBigUInt64BE(0) !== OPTION_MAGIC || length > LONGEST) return this.#end();
    const message = this.#take(OPTION_BYTES + length);
    if (!message) return false;
    const kind = message.readUInt32BE(8);
    switch (kind) {
      case option.exportName: {
        const about = Buffer.alloc(10 + (this.#padding ? 124 : 0));
        about.writeBigUInt64BE(BigInt(this.#disk.bytes), 0);
        about.writeUInt16BE(TRANSMISSION_FLAGS, 8);
        this.#output.push(about);
        this.#state = 'requests';
        return true;
      }
      case option.go: {
        const info = Buffer.alloc(12);
        info.writeUInt16BE(INFO_EXPORT, 0);
        info.writeBigUInt64BE(BigInt(this.#disk.bytes), 2);
        info.writeUInt16BE(TRANSMISSION_FLAGS, 10);
        this.#answerOption(kind, answer.info, info);
        this.#answerOption(kind, answer.ack);
        this.#state = 'requests';
        return true;
      }
      case option.abort:
        this.#answerOption(kind, answer.ack);
        return this.#end();
      default:
        this.#answerOption(kind, answer.unsupported);
        return true;
    }
  }

  #answerOption(kind: number, type: number, data: Buffer = Buffer.alloc(0)): void {
    const head = Buffer.alloc(20);
    head.writeBigUInt64BE(OPTION_REPLY_MAGIC, 0);
    head.writeUInt32BE(kind, 8);
    head.writeUInt32BE(type, 12);
    head.writeUInt32BE(data.length, 16);
    this.#output.push(head, data);
  }

  #request(): boolean {
    if (this.#input.length < REQUEST_BYTES) return false;
    const head = this.#input.subarray(0, REQUEST_BYTES);
    const kind = head.readUInt16BE(6);
    const length = head.readUInt32BE(24);
    if (head.readUInt32BE(0) !== REQUEST_MAGIC || length > LONGEST) return this.#end();
    const message = this.#take(REQUEST_BYTES + (kind === command.write ? length : 0));
    if (!message) return false;
    const offset = Number(message.readBigUInt64BE(16));
    const isInside = offset % SECTOR === 0 && length % SECTOR === 0 && offset + length <= this.#disk.bytes;
    const cookie = message.readBigUInt64BE(8);
    if (kind === command.disconnect) return this.#end();
    if (kind === command.flush) {
      if (!this.#mayFlush()) {
        this.#state = 'held';
        return false;
      }
      this.#disk.flush();
      this.#reply(cookie);
    } else if (kind === command.read && isInside) {
      this.#reply(cookie, 0, this.#disk.read(offset, length));
    } else if (kind === command.write && isInside) {
      this.#disk.write(offset, message.subarray(REQUEST_BYTES), (message.readUInt16BE(4) & FUA) !== 0);
      this.#reply(cookie);
    } else this.#reply(cookie, EINVAL);
    return true;
  }

  #reply(cookie: bigint, error = 0, data: Buffer = Buffer.alloc(0)): void {
    const head = Buffer.alloc(16);
    head.writeUInt32BE(REPLY_MAGIC, 0);
    head.writeUInt32BE(error, 4);
    head.writeBigUInt64BE(cookie, 8);
    this.#output.push(head, data);
  }

  #end(): false {
    this.#state = 'ended';
    return false;
  }
}
