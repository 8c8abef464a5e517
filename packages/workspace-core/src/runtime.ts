import type { Box } from "./box.ts";
import type { Bytes } from "./bytes.ts";
import type { ImageRecipe } from "./image-recipe.ts";
import type { Report } from "./progress.ts";
import type { Isolation, Limits, Profile, RuntimeName, WorkspaceId } from "./workspace.ts";

/** What a runtime needs to know of a workspace; all of it is fixed at create except the name and the limits. */
export interface PlaceSpec {
  id: WorkspaceId;
  name: string;
  profile: Profile;
  image?: string;
  /** Whether it runs a Docker engine of its own. */
  docker?: true;
  limits: Limits;
  /** The worker's directory with the git objects of its repository, to be readable in the place and nothing more. */
  objects?: string;
}

/** What a runtime sees of one place. */
export interface Place {
  id: WorkspaceId;
  /** The name the place carries now (a container's name without its prefix). */
  name: string;
  handle: string;
  power: "running" | "stopped";
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** Present when it stopped by itself. */
  exit?: { code: number; oom: boolean };
}

export interface RuntimeStatus {
  runtime: RuntimeName;
  isolation: Isolation;
  /** The engine's version; empty on the local runtime. */
  version: string;
  /** What a person should know: "no bubblewrap: processes can read this user's files". */
  remarks: readonly string[];
  /** How many CPUs its workspaces share, where it keeps limits on them. */
  cpus?: number;
  /** Where it keeps workspaces, where that is a directory of the agent's own machine; full, nothing new is begun. */
  dataDirectory?: string;
  /** What the programs are called that it runs workspaces with, and their versions. */
  parts?: Readonly<Record<string, string>>;
  /** The known holes in these. */
  flaws?: readonly Flaw[];
  /** What its own clock said when it was asked, in milliseconds since the epoch; absent where that is the agent's machine's. */
  time?: number;
  /** By which version of control groups it keeps limits, and which of these its kernel does not keep. */
  cgroups?: { version: string; missing: readonly ("memory" | "swap" | "processes" | "CPU")[] };
}

/** A known hole in one of the programs that a runtime runs workspaces with. */
export interface Flaw {
  /** As it is called in `RuntimeStatus.parts`. */
  part: string;
  cves: readonly string[];
  /** A workspace gets out; or it may, for all that can be told from here; or it breaks what nothing here relies on. */
  kind: "escape" | "unclear" | "indirect";
  /** One sentence. */
  message: string;
  next: string;
}

/** What the processes of one place use; what cannot be told is absent. */
export interface PlaceUsage {
  id: WorkspaceId;
  /**
   * Processor time of all of them together, the ended ones included, since some beginning, and when that was read on a clock of the runtime's
   * own: only two readings say something. Where there was a new beginning it is less than before.
   */
  cpu?: { usedMs: number; atMs: number };
  /** Without what the kernel only keeps of files, and could drop. */
  memoryBytes?: number;
  /** Each thread counts, as it does for a limit. */
  processes?: number;
}

export interface PrintedOptions {
  /** The last lines only. */
  tail?: number;
  /**
   * Only what follows `Printed.at`, however often the place was stopped and the engine lost since. Where the engine's clock was
   * set back meanwhile, what is printed until it has caught up can be missing.
   */
  after?: string;
  follow?: boolean;
  signal?: AbortSignal;
}

/** Some of what a place printed; whole lines, but for one that is very long. */
export interface Printed {
  bytes: Bytes;
  /** Where these bytes end, in the runtime's own words; empty as long as nothing has a place there. */
  at: string;
  /** Which of several outputs it was printed to: a line is of one. */
  output?: string;
}

export type RuntimeEvent =
  | { type: "exited"; id: WorkspaceId; exit: { code: number; oom: boolean } }
  | { type: "engine_lost" }
  | { type: "engine_back" };

/**
 * Where workspaces live. Repeating is safe: creating what exists, starting what runs, stopping what is
 * stopped and removing what is gone all succeed. Every method throws `engine_unreachable` where the engine
 * does not answer and `engine_lost` where it stopped answering midway.
 */
export interface Runtime {
  readonly name: RuntimeName;
  /** Whether its places can be shown `objects`; it is not there for one whose places are on another machine. */
  readonly showsObjects: boolean;
  status(signal?: AbortSignal): Promise<RuntimeStatus>;
  /**
   * Makes what every workspace needs (the image, the network), or those that run Docker. Throws `image_build_failed`, `image_not_found`,
   * `disk_full`, `nested_docker_unavailable`.
   */
  prepare(options: { image?: string; docker?: boolean; report: Report; signal?: AbortSignal }): Promise<void>;
  /**
   * The name of the image that a recipe describes, made where it is not there yet, for the workspace that will be made of it; absent where
   * there are no images. Throws as `prepare`.
   */
  readonly image?: (
    recipe: ImageRecipe,
    options: { id: WorkspaceId; report: Report; signal: AbortSignal },
  ) => Promise<string>;
  /** Makes the place and its home; not started. Ends with exactly one place and one home for the id. */
  create(spec: PlaceSpec, signal?: AbortSignal): Promise<Place>;
  start(spec: PlaceSpec, signal?: AbortSignal): Promise<Place>;
  /** Ends every process in it; the home stays. */
  stop(id: WorkspaceId, options?: { graceMs?: number; signal?: AbortSignal }): Promise<void>;
  /** Removes the place and its home. */
  remove(id: WorkspaceId, signal?: AbortSignal): Promise<void>;
  /** Removes the place and keeps the home: what may be done to a place nobody has a record of. */
  abandon(id: WorkspaceId, signal?: AbortSignal): Promise<void>;
  rename(id: WorkspaceId, name: string, signal?: AbortSignal): Promise<void>;
  /** Gives its place these limits in place of those that it has, at once where it runs; without a place it does nothing, and neither does a runtime that keeps none. */
  limit(spec: PlaceSpec, signal?: AbortSignal): Promise<void>;
  find(id: WorkspaceId, signal?: AbortSignal): Promise<Place | undefined>;
  /** Every place and home of this worker, the half-made and half-deleted included. */
  list(signal?: AbortSignal): Promise<Place[]>;
  /** Ids whose home exists, with or without a place. */
  homes(signal?: AbortSignal): Promise<WorkspaceId[]>;
  /** Opens the channel into a running place. Throws `box_unavailable`, with what the place's image lacks. */
  open(id: WorkspaceId, signal?: AbortSignal): Promise<Box>;
  /** What those of these places use that run, one entry each; the others, and what ends meanwhile, are left out. Absent where nothing tells. */
  usage?(ids: readonly WorkspaceId[], signal?: AbortSignal): Promise<PlaceUsage[]>;
  /** What the place itself printed, oldest first; ends at the present unless `follow`. */
  logs(id: WorkspaceId, options: PrintedOptions): AsyncIterable<Printed>;
  /** What happens without us asking; survives the engine's absence, reporting it. Ends when the signal aborts. */
  events(signal: AbortSignal): AsyncIterable<RuntimeEvent>;
}
