/** One reading of the clocks, taken once per pass. */
export interface Instant {
  /** Wall clock, milliseconds since 1970. For people, for files, and for comparing with other programs' stamps. */
  readonly wall: number;
  /** Milliseconds this boot has been awake: stands still while the machine is suspended. */
  readonly awake: number;
  /** Milliseconds since boot, suspension included. */
  readonly uptime: number;
  /** Identifies the boot; empty where the system does not tell. */
  readonly boot: string;
}
