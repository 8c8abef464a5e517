import type { Box, ConfinedFiles } from "../../ports.ts";
import { freshDirectory, text } from "./probing.ts";
import type { BoxUnderTest } from "./under-test.ts";

export interface ConfinedPlace {
  /** Whether it has no means to hold files; then its tests have nothing to try. */
  lacking: () => boolean;
  /** A directory of its own, and the files below. */
  fresh: () => Promise<{ box: Box; root: string; files: ConfinedFiles }>;
}

export function confinedPlace(place: () => BoxUnderTest): ConfinedPlace {
  return {
    lacking: () => place().box.missing.includes("confined"),
    async fresh() {
      const { box } = place();
      const root = await freshDirectory(box);
      return { box, root, files: box.within(root) };
    },
  };
}

/** The content of a file as text. */
export async function contentOf(files: ConfinedFiles, path: string): Promise<string> {
  await using opened = await files.read(path);
  return await text(opened.content);
}
