/** Every time-out of the devices that the wiring does not name, in ms. */
export type DeviceTimeouts = {
  /** After the emitter shines again the beam must read clear within this. */
  readonly beamAnswerMs: number;
  /** A beam that could not be proven alive is tested again this often. */
  readonly beamRetestMs: number;
  /** What one `prepare` proved of the beam holds for the next within this, unless a spiral turned in between. */
  readonly beamProofMs: number;
  /** First and longest wait between tries to open the sensors or a serial port. */
  readonly retryFirstMs: number;
  readonly retryMostMs: number;
  /** A frame whose bytes stop coming for this long is over. */
  readonly interByteMs: number;
  /** A serial port's path is looked at this often: a pulled plug does not always tell. */
  readonly portCheckMs: number;
  /** The same code read again within this is the same scan. */
  readonly scanRepeatMs: number;
  /** A card that is read again within this has not left the reader. */
  readonly cardRepeatMs: number;
  /** A printer that does not answer its status within this is not there. */
  readonly printerAnswerMs: number;
  /** A printer's status is asked this often. */
  readonly printerCheckMs: number;
};

export const deviceTimeouts: DeviceTimeouts = {
  beamAnswerMs: 150,
  beamRetestMs: 5_000,
  beamProofMs: 20_000,
  retryFirstMs: 50,
  retryMostMs: 1_000,
  interByteMs: 100,
  portCheckMs: 500,
  scanRepeatMs: 3_000,
  cardRepeatMs: 600,
  printerAnswerMs: 500,
  printerCheckMs: 2_000,
};
