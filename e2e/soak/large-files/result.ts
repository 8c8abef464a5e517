import type { Held, Measured } from "../place.ts";

export interface Result extends Held {
  upload: Measured;
  download: Measured;
}
