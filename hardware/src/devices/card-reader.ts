import { Rdm6300Parser } from '../serial/rdm6300.ts';
import { systemSerialPorts } from '../serial/system-ports.ts';
import { SerialReader, type SerialReaderDependencies } from './serial-reader.ts';

const BAUD_RATE = 9_600;

/** An RDM6300 reader of 125 kHz cards: gives the UID as ten hex digits, upper case, once for each time a card is held to it. */
export function rdm6300Reader(
  deps: Omit<SerialReaderDependencies, 'ports'> & Partial<Pick<SerialReaderDependencies, 'ports'>>,
): SerialReader {
  const parser = new Rdm6300Parser();
  const framing = {
    push: (bytes: Uint8Array) => parser.push(bytes),
    still: () => {
      parser.reset();
      return [];
    },
    get refused() {
      return parser.refused;
    },
  };
  const whole = { ports: systemSerialPorts, ...deps };
  return new SerialReader(whole, { framing, baudRate: BAUD_RATE, repeatMs: deps.timeouts.cardRepeatMs });
}
