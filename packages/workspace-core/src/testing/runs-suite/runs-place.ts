import type { Box } from "../../ports.ts";
import type { BoxUnderTest } from "../box-suite/under-test.ts";

/** A place that can be stopped under its runs. */
export interface RunsPlace extends BoxUnderTest {
  /** How many runs live through the kill of an agent; 8 where absent. */
  readonly many?: number;
  /** Stops it, starts it, and opens a Box into it, which the suite disposes of. */
  restart(): Promise<Box>;
  /** Has an agent in a process of its own do `startDoomedRuns`, and kills it once it has. */
  killAgent(ids: readonly string[], code: string): Promise<void>;
}
