/** What to do next on this page, by code, where the worker's own words name options of its commands and calls. */
export const nextHere: Readonly<Record<string, string>> = {
  directory_not_empty: "Name another, or empty it first.",
  file_exists: "Name another.",
  uncommitted_work: "Commit or stash it first.",
  unpushed_work: "Push it or keep it on a branch first.",
};
