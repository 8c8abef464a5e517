import type { NamedPort } from "../way-in/named-ports.ts";

/**
 * How a repository's devcontainer.json is followed. `strict`: what it asks for and is not given fails the create; `lenient`: that is left
 * out with a warning; `optional`: as `strict`, where the repository has one.
 */
export type DevcontainerMode = "strict" | "lenient" | "optional";

/** What of a repository's devcontainer.json a workspace follows. Texts may hold the variables that `inWorkspace` fills in. */
export interface DevcontainerPlan {
  /** The file in the repository. */
  path: string;
  /** An image's name; with neither this nor `build` the worker's own image is meant. */
  image?: string;
  build?: DevcontainerBuild;
  /** Whose processes all are; the image's own user where absent. */
  user?: string;
  env: Record<string, string>;
  ports: NamedPort[];
  /** Run once, after the clone, in this order. */
  created: DevcontainerCommand[];
  /** Run at each start. */
  started: DevcontainerCommand[];
  /** What the image must have already. */
  features: DevcontainerFeature[];
}

/** Paths are relative to the repository's top; the context is empty where it is the top itself. */
export interface DevcontainerBuild {
  dockerfile: string;
  context: string;
  target?: string;
  args: Record<string, string>;
  /** Where it is asked for. */
  line: number;
}

export interface DevcontainerCommand {
  /** The property that it stands in, with its own name where it is one of several: `postCreateCommand.server`. */
  name: string;
  /** A line for the shell, or a program and its arguments. */
  command: string | readonly string[];
}

export interface DevcontainerFeature {
  feature: string;
  /** The program by which it is known that the image has it. */
  program: string;
  line: number;
}

/** What a file asks for and is not given. */
export interface Refusal {
  /** From 1. */
  line: number;
  /** As in `build.options`. */
  property: string;
  reason: string;
}

export interface DevcontainerReading {
  plan: DevcontainerPlan;
  refused: readonly Refusal[];
  /** What is left out without harm, a sentence each. */
  warnings: readonly string[];
}
