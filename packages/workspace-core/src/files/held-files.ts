import type { Box } from "../box.ts";
import type { ConfinedFiles } from "../confined.ts";
import { isWsError } from "../errors.ts";
import type { Policy } from "../policy/policy.ts";
import { plainFiles } from "./plain-files.ts";

/**
 * Files that nothing leads out of. Where the place lacks the means for that, they are reached by name, unless somebody set rules for paths,
 * which would then not hold: throws `box_feature_missing`.
 */
export function heldFiles(box: Box, root: string, policy: Policy): ConfinedFiles {
  const confined = box.within(root);
  if (policy.restrictsPaths) return confined;
  const plain = plainFiles(box.files, root);

  /** What is missing is told before anything is read of what is given. */
  async function either<T>(work: (files: ConfinedFiles) => Promise<T>): Promise<T> {
    try {
      return await work(confined);
    } catch (error) {
      if (isWsError(error, "box_feature_missing") && error.data.feature === "confined") return work(plain);
      throw error;
    }
  }

  return {
    stat: (...asked) => either((files) => files.stat(...asked)),
    list: (...asked) => either((files) => files.list(...asked)),
    read: (...asked) => either((files) => files.read(...asked)),
    write: (...asked) => either((files) => files.write(...asked)),
    mkdir: (...asked) => either((files) => files.mkdir(...asked)),
    rename: (...asked) => either((files) => files.rename(...asked)),
    remove: (...asked) => either((files) => files.remove(...asked)),
  };
}
