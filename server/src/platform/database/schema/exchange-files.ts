/** A file of lines that is being taken in, or was. */
export interface ImportsTable {
  import_id: string;
  kind: string;
  /** What the file is called, for people. */
  name: string;
  /** 1: every line is tried and undone. */
  dry_run: 0 | 1;
  state: 'open' | 'ended';
  /** Lines that have been dealt with; the next one is this plus one. */
  lines: number;
  taken: number;
  repeated: number;
  refused: number;
  started_by: string;
  started_at: number;
  ended_at: number | null;
}

/** A line that was refused, and why. */
export interface ImportRefusalsTable {
  import_id: string;
  line: number;
  code: string;
  /** The whole problem, as JSON. */
  problem: string;
}
