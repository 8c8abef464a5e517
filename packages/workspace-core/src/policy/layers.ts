import type { PolicyRules } from "./rules.ts";

/** Where rules are set: for a workspace by its name, for a repository by its key, for a token by its name. */
export interface PolicyLayer {
  of: "workspace" | "repository" | "token";
  name: string;
  rules: PolicyRules;
}

/** What somebody is about to do. Paths start at the workspace's directory; `""` is that itself. */
export type PolicyAct =
  /** To learn that it is there: a place in a listing, size and time. */
  | { act: "see"; path: string }
  | { act: "read"; path: string }
  | { act: "write"; path: string }
  /** To give it another name, with whatever lies below. */
  | { act: "move"; path: string }
  /** To move or remove what it lies in: a secret that goes with it is told to nobody. */
  | { act: "carry"; path: string }
  /** To change the tree without naming a path: a pull, a reset. */
  | { act: "change" }
  /** To be on this branch, or to change it. */
  | { act: "branch"; branch: string }
  | { act: "commit" }
  | { act: "push" }
  /** To run a program: named in words, by a shell that reads a text, or by whoever types into a terminal; with variables for it alone, beside the workspace's own. */
  | {
      act: "execute";
      program: string;
      by: "words" | "text" | "terminal";
      variables: readonly string[];
      own: readonly string[];
    }
  /** To give variables to all that runs there. */
  | { act: "give"; variables: readonly string[] };

export type PathAct = Extract<PolicyAct, { path: string }>["act"];
