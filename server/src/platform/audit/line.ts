/** A line of the audit as a command writes it; its place in the chain comes with the commit. */
export interface AuditLine {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  /** Canonical JSON. */
  readonly facts: string;
}
