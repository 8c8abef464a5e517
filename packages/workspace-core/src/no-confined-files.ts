import type { BoxFeature } from "./box.ts";
import type { ConfinedFiles } from "./confined.ts";
import { WsError } from "./errors.ts";

/** For a place that lacks the means to hold files below a directory: every use throws `box_feature_missing`. */
export function noConfinedFiles(lacking: string, missing: readonly BoxFeature[]): ConfinedFiles {
  const refuse = async (): Promise<never> => {
    throw new WsError("box_feature_missing", {
      message: `Files cannot be held below one directory here: ${lacking}.`,
      next: "Use the files without rules for paths, or a workspace that has what is missing.",
      data: { feature: "confined", missing },
    });
  };
  return { stat: refuse, list: refuse, read: refuse, write: refuse, mkdir: refuse, rename: refuse, remove: refuse };
}
