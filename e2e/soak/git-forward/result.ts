import type { Held, Measured } from "../place.ts";

export interface Result extends Held {
  /** Git on the worker itself, without the forward: what the others are compared with. */
  direct: Measured;
  clone: Measured;
  push: Measured;
  /** With the worker's credential, judged and then sent. */
  grantedPush: Measured;
}
