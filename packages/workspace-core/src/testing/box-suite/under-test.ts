import type { Box } from "../../ports.ts";

/** A running place with one Box into it, and the means to open further ones. */
export interface BoxUnderTest extends AsyncDisposable {
  readonly box: Box;
  /** Whether its files are held inside the place's own directories, because they are reached from outside. */
  readonly confined?: boolean;
  /** Makes a symbolic link, where its place has no program for it. */
  link?: (target: string, path: string) => Promise<void>;
  /** How many reads are made while links are swapped in; 2,000 where absent. */
  readonly reads?: number;
  /** Another Box into the same place, as a later agent would open it. The suite disposes of it. */
  reopen(): Promise<Box>;
}
