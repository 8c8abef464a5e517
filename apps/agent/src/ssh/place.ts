import type { ByteChannel, WayIn } from "@ws/workspace-core";
import type { Failure } from "../terminals/failure.ts";

/** A workspace, as one who was let in over SSH uses it. Everything may throw what the core throws. */
export interface SshPlace {
  /** For one channel; asks whether this one may still run what it likes. */
  enter(): Promise<WayIn>;
  connect(port: number): Promise<ByteChannel>;
  /** Writes down that something is run, and returns what writes down how it ended. */
  begin(command: readonly string[] | string): (outcome: string, exitCode?: number) => void;
  /** Notes that the workspace's programs can sign with this one's SSH agent, until what is returned is called. */
  lend(): () => void;
  /** Makes a failure fit to be seen. */
  report(error: unknown): Failure & { code: string };
}
