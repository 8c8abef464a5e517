import { DiskFull, RESERVED_BYTES } from "./free-space.ts";

/** What pushes may still write without another look. */
export interface SpoolAccount {
  /** Takes as much as may be written until the next look; throws `DiskFull`. Resolves to what gives it back as it is written, or never will be. */
  ahead(bytes: number, free: () => Promise<number>): Promise<Promised>;
}

export interface Promised {
  written(bytes: number): void;
  over(): void;
}

/** One account for a disk: each push alone would see room that all the others are about to fill. */
export function createSpoolAccount(): SpoolAccount {
  let promised = 0;
  return {
    async ahead(bytes, free) {
      let left = bytes;
      // Before the look: of those who look at once, none overlooks another.
      promised += left;
      const give = (back: number): void => {
        const given = Math.min(back, left);
        left -= given;
        promised -= given;
      };
      const taken: Promised = { written: give, over: () => give(left) };
      try {
        if ((await free()) < RESERVED_BYTES + promised) throw new DiskFull();
        return taken;
      } catch (error) {
        taken.over();
        throw error;
      }
    },
  };
}
