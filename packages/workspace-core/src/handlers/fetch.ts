import type { PolicyRules } from "../policy/rules.ts";

/** What a pipeline reads of a workspace; the names are those that pipelines are configured with. */
export interface FetchSettings {
  /** The workspace's name. */
  repo: string;
  /** Files and directories, as a policy's patterns; everything where absent. */
  paths?: readonly string[];
  /** How many files become packets at most. */
  max_files?: number;
  /** Only files that differ from this commit become packets. */
  since_commit?: string;
  /** Only files that this pattern names; without a slash it is for names in any directory. */
  include_glob?: string;
  /** None of the files that this pattern names. */
  exclude_glob?: string;
}

/** Each pattern list narrows the others, so each is a set of rules of its own. */
export function fetchRules({ paths, include_glob: include, exclude_glob: exclude }: FetchSettings): PolicyRules[] {
  return [
    {
      readOnly: true,
      ...(paths === undefined ? {} : { allowedPaths: paths }),
      ...(exclude === undefined ? {} : { hiddenPaths: [anywhere(exclude)] }),
    },
    ...(include === undefined ? [] : [{ allowedPaths: [anywhere(include)] }]),
  ];
}

function anywhere(glob: string): string {
  return glob.includes("/") ? glob : `**/${glob}`;
}
