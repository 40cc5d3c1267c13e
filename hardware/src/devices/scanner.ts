import { LineFramer } from '../serial/line-framer.ts';
import { systemSerialPorts } from '../serial/system-ports.ts';
import { SerialReader, type SerialReaderDependencies } from './serial-reader.ts';

/** A USB scanner ignores the rate; one with a real UART ships with this. */
const BAUD_RATE = 9_600;

/** A QR scanner that sends text and a line end, or text and silence. */
export function serialScanner(
  deps: Omit<SerialReaderDependencies, 'ports'> & Partial<Pick<SerialReaderDependencies, 'ports'>>,
): SerialReader {
  const framer = new LineFramer();
  const framing = {
    push: (bytes: Uint8Array) => framer.push(bytes),
    still: () => framer.flush(),
    get refused() {
      return framer.refused;
    },
  };
  const whole = { ports: systemSerialPorts, ...deps };
  return new SerialReader(whole, { framing, baudRate: BAUD_RATE, repeatMs: deps.timeouts.scanRepeatMs });
}
