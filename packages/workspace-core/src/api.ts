import type { DevcontainerMode } from "./devcontainer/plan.ts";
import type { ScriptNews } from "./run-again.ts";
import type { ScriptOutcome } from "./scripts.ts";
import type {
  Argv,
  Box,
  BoxProcess,
  Clock,
  Decisions,
  Disk,
  Git,
  Log,
  RunOptions,
  Runtime,
  RuntimeStatus,
  Setup,
  Store,
  Terminals,
  WorkState,
} from "./ports.ts";
import type { CredentialSource } from "./credentials.ts";
import type { EgressPorts } from "./egress/control.ts";
import type { WorkspaceEgress } from "./egress/decide.ts";
import type { WorkspacesEgress } from "./egress/workspace-egress.ts";
import type { WorkspaceEvent } from "./events.ts";
import type { Runs } from "./runs/runs.ts";
import type { Cleanup, ExecutionSummary, Finalized, Pushed } from "./outcomes.ts";
import type { LogSource } from "./log-place.ts";
import type { FileChange } from "./changes/file-change.ts";
import type { WorkspaceFiles } from "./files/workspace-files.ts";
import type { FetchSettings } from "./handlers/fetch.ts";
import type { Packet, PacketSummary } from "./handlers/packets.ts";
import type { PolicyLayer } from "./policy/layers.ts";
import type { Policies, RepositoryPolicyStore } from "./policy/policies.ts";
import type { UsageLog } from "./token-usage/usage-log.ts";
import type { WorkspaceUsage } from "./usage/readings.ts";
import type { Updated, UpdateRequest } from "./update.ts";
import type { WayIn } from "./way-in/way-in.ts";
import type { WorkspacePorts } from "./way-in/workspace-ports.ts";
import type { FinalizeRequest } from "./finalize-request.ts";
import type { Checks, Forge, ForgeRepository } from "./forge.ts";
import type { GitWork } from "./git-work.ts";
import type { PullRequestInfo } from "./pull-request-info.ts";
import type {
  CheckoutOptions,
  CredentialSelection,
  Execution,
  Limits,
  Profile,
  RuntimeName,
  WorkspaceId,
  WorkspaceRecord,
} from "./workspace.ts";

/** What `createWorkspaces` stands on. */
export interface WorkspacesPorts {
  /** The runtimes of this worker; the first is what a new workspace runs on unless it says otherwise. */
  runtimes: readonly [Runtime, ...Runtime[]];
  store: Store;
  git: Git;
  /** Where the credentials of forges come from; none where absent. */
  credentials?: CredentialSource;
  /** Where pull requests live; the first one that serves a URL is used. */
  forges?: readonly Forge[];
  /** Who has a workspace on lease, so that only a delete takes it from them; nobody where absent. */
  leaseOf?: (id: WorkspaceId) => { id: string; holder: string } | undefined;
  /** Told what is done, and what is not, without anybody having asked just then; the log where absent. */
  decisions?: Decisions;
  /** What repositories' rules are kept in; nothing is kept where absent. */
  policies?: RepositoryPolicyStore;
  /** The way out of workspaces of the profile `agent`; they have none where absent. */
  egress?: EgressPorts;
  /** Where it is kept what coding tools have used; nobody looks where absent. */
  usageLog?: UsageLog;
  setup: Setup;
  /** Whether workspaces may have a Docker engine of their own; none may where absent. */
  allowsDocker?: () => boolean;
  disk: Disk;
  clock: Clock;
  log: Log;
  newId: () => WorkspaceId;
  /** The terminals of an open Box; asked once per Box. */
  openTerminals: (box: Box) => Promise<Terminals>;
  /** What holds the runs of an open Box; asked once per Box. Nothing can be run so where absent. */
  openRuns?: (box: Box) => Promise<Runs>;
}

export interface CreateRequest {
  name: string;
  /** The new workspace's id, where the caller has something to keep under it before there is one; must never have been used. */
  id?: WorkspaceId;
  clone?: string;
  branch?: string;
  base?: string;
  /** How much of the repository its clone takes. */
  checkout?: CheckoutOptions;
  env?: Record<string, string>;
  /** Which of the worker's credentials it may use; all of them where absent. */
  credentials?: CredentialSelection;
  runtime?: RuntimeName;
  profile?: Profile;
  image?: string;
  /** Whether it has a Docker engine of its own, where the worker allows that. */
  docker?: true;
  /** Whether the repository's devcontainer.json is followed, and how. */
  devcontainer?: DevcontainerMode;
  limits?: Limits;
  ttlMs?: number;
  /** Stops it after so long without use, where no program goes on in it. */
  idleMs?: number;
  /** The larger job it is part of; its branch is named after it. */
  execution?: Execution;
  /** What its programs may reach beside what the worker allows, where its profile is `agent`: as another workspace has it. */
  egress?: WorkspaceEgress;
  /** Whether it is cleaned up when its TTL or its execution ends and nothing in it would be lost. */
  autoCleanup?: boolean;
  /** Repeating a request under one key gives the workspace it made; another request under it is refused. */
  key?: string;
}

/** What a start may ask for: all of it shapes a workspace whose create failed, and must fit one that exists. */
export type StartRequest = Omit<CreateRequest, "name" | "id" | "key">;

/**
 * The engine of the product. One operation runs per workspace at a time, later ones wait; work belongs to
 * this object and not to the caller, so a caller that goes away cancels nothing. Names are checked first:
 * every method that takes one throws `workspace_not_found`.
 */
export interface Workspaces extends AsyncDisposable {
  /** Resolves when ready. Throws `invalid_name`, `invalid_input`, `limits_unsupported`, `name_taken`, `invalid_clone_url`, `idempotency_mismatch`, `disk_full` and whatever a step met. */
  create(request: CreateRequest): Promise<WorkspaceRecord>;
  /** Resolves once the request is recorded; the steps arrive as events. */
  begin(request: CreateRequest): Promise<WorkspaceRecord>;
  get(name: string): WorkspaceRecord;
  /** The one with this id, whatever it is called by now; undefined where there is none any more. */
  find(id: WorkspaceId): WorkspaceRecord | undefined;
  /** Oldest first. */
  list(): WorkspaceRecord[];
  /**
   * A failed one is tried again from the beginning, as the request says and otherwise as before; who names the repository
   * says all of it anew. Of one that exists the request adds the variables; throws `repository_mismatch` and `workspace_mismatch` where the rest is not what exists.
   */
  start(name: string, request?: StartRequest): Promise<WorkspaceRecord>;
  stop(name: string): Promise<WorkspaceRecord>;
  restart(name: string): Promise<WorkspaceRecord>;
  rename(name: string, newName: string): Promise<WorkspaceRecord>;
  /**
   * Changes limits, ends, credentials and variables of one that exists; what is not named stays. Limits hold at once. Throws `invalid_input`,
   * `limits_unsupported`.
   */
  update(name: string, request: UpdateRequest): Promise<Updated>;
  touch(name: string): WorkspaceRecord;
  /**
   * Removes the place and its home; a create under way is cancelled first. Throws `unpushed_work` where something would be lost that lies nowhere else,
   * unless it is forced.
   */
  delete(name: string, options?: { force?: boolean }): Promise<void>;
  /**
   * Commits, pushes, opens the pull request and cleans up, as far as is asked for; starts it where it is stopped. Safe to repeat: it goes on where it
   * failed, and there is never a second pull request. What its policy, or further rules, as of a token, refuse is refused before any of it is done.
   */
  finalize(name: string, request: FinalizeRequest, options?: { layers?: readonly PolicyLayer[] }): Promise<Finalized>;
  /** Ends its grants and removes it, where nothing would be lost or `force` says so; what is kept is told, not thrown. One on lease stays as it is, also with `force`. */
  cleanup(name: string, options?: { force?: boolean; reason?: string }): Promise<Cleanup>;
  /** What a cleanup would do. */
  foresee(name: string, signal?: AbortSignal): Promise<Cleanup>;
  /** Cleans up failed creates, and stopped workspaces that may be cleaned up by themselves, as `cleanup` and `foresee` do. */
  reap(options?: { dryRun?: boolean; force?: boolean; signal?: AbortSignal }): Promise<Cleanup[]>;
  /** What lies in its repository and nowhere else. Throws `workspace_not_running`, `repository_not_found`. */
  workState(name: string, signal?: AbortSignal): Promise<WorkState>;
  /** Brings its branch to the remote; as `finalize` without anything else. */
  push(name: string, options?: { force?: boolean }): Promise<Pushed>;
  /** Tells its repository what its grants are by now, after one was given or ended; a stopped one is told at its next start. */
  showRights(name: string): Promise<void>;
  /**
   * Runs the setup's scripts again, or the one of this name, once what is done to the workspace is done; before a script is run, what is left of
   * its last run is ended. A stop, restart or delete ends them. Throws `script_failed` as a start does, `aborted`, `invalid_input`,
   * `workspace_not_running`.
   */
  runScripts(name: string, options?: { script?: string | undefined; signal?: AbortSignal }): Promise<ScriptOutcome[]>;
  /** The same, told as it goes on: each line, and at the end how each script ended. Who stops reading ends them. */
  followScripts(
    name: string,
    options?: { script?: string | undefined; signal?: AbortSignal },
  ): AsyncGenerator<ScriptNews, void>;
  /**
   * Brings what has changed of the setup's files to the workspaces that run, and tells who watches those for which files or variables changed.
   * What was changed inside stays until its next start, what left the set is removed where it is as it was given. Resolves when those that run
   * have it, or cannot be given it, which their logs say; one that just comes up has it soon after.
   */
  regive(): Promise<void>;
  fetch(name: string, options?: { branches?: readonly string[]; signal?: AbortSignal }): Promise<void>;
  /**
   * Its repository, to look at and to work on, behind its policy and further rules, as of a token. The signal ends what only looks; what changes something goes on, one after the other. Throws
   * `workspace_not_running`, `repository_not_found`.
   */
  git(name: string, options?: { layers?: readonly PolicyLayer[]; signal?: AbortSignal }): Promise<GitWork>;
  /** The pull request that was opened of it as its forge has it now; undefined where none was. Throws `forge_unknown`, `credential_missing` and what the forge's port throws. */
  pullRequest(
    name: string,
    signal?: AbortSignal,
  ): Promise<{ pullRequest: PullRequestInfo; checks: Checks } | undefined>;
  /** Its repository on its forge, reached with its own grant. Throws `forge_unknown`. */
  forge(name: string): ForgeRepository;
  /** Below the directory where commands start, behind its policy and further rules, as of a token. Throws `workspace_not_running`. */
  files(name: string, options?: { layers?: readonly PolicyLayer[]; signal?: AbortSignal }): Promise<WorkspaceFiles>;
  /**
   * What changes among them, as far as they may be seen, until the signal aborts; begins with a `resync`. Hidden files, and what lies in `node_modules`,
   * `dist` and `build`, are not followed. Everyone who looks shares one watching, which ends with the last. Throws
   * `workspace_not_running`, also once it is stopped.
   */
  changes(
    name: string,
    options: { layers?: readonly PolicyLayer[]; signal: AbortSignal },
  ): Promise<AsyncGenerator<FileChange, void>>;
  /**
   * Its text files as a pipeline takes them, behind its policy and further rules. Throws `invalid_input`, `repository_not_found`, `ref_not_found`,
   * `workspace_not_running`.
   */
  packets(
    name: string,
    settings: Omit<FetchSettings, "repo">,
    options?: { layers?: readonly PolicyLayer[]; signal?: AbortSignal },
  ): AsyncGenerator<Packet, PacketSummary>;
  /** What may be done in workspaces by those who come over the API. */
  readonly policies: Policies;
  /** Where people's programs connect to in them. */
  readonly ports: WorkspacePorts;
  /** Where the programs in workspaces of the profile `agent` may go. */
  readonly egress: WorkspacesEgress;
  /** In the order of their first workspace; with `cleanedUp` also those, and the workspaces of them, that are gone since a month at most. */
  executions(options?: { cleanedUp?: boolean }): ExecutionSummary[];
  /** Deletes the branches of an execution on the remote, but for those with an open pull request; resolves to their names. */
  deleteBranches(execution: string, signal?: AbortSignal): Promise<string[]>;
  /** Ends the scripts and starts of all its workspaces and their grants, and cleans them up, as `cleanup` does. Throws `execution_not_found`. */
  endExecution(id: string, options: { outcome: "completed" | "failed"; force?: boolean }): Promise<Cleanup[]>;
  /** Waits for a start under way. Throws `workspace_not_running`. The cwd defaults to the repository, the environment to the worker's setup and the workspace's own variables. */
  run(name: string, argv: Argv, options?: RunOptions): Promise<BoxProcess>;
  /** For one who logs in, as over SSH. Throws `workspace_not_running`. */
  enter(name: string, signal?: AbortSignal): Promise<WayIn>;
  box(name: string): Promise<Box>;
  /** What the worker's setup and the workspace itself give to all its processes, whether it runs or not. */
  variables(name: string): Promise<Record<string, string>>;
  /** `open` fills in cwd, environment and, for an empty argv, the login shell. Throws `workspace_not_running`. */
  terminals(name: string): Promise<WorkspaceTerminals>;
  /**
   * Programs that go on in it without anybody here, which count as use while they are waited for. A start fills in the cwd and adds the environment of
   * all its processes. Throws `workspace_not_running`, `box_feature_missing`.
   */
  runs(name: string, signal?: AbortSignal): Promise<Runs>;
  /** Where commands start; undefined until the workspace has run once. */
  directory(name: string): string | undefined;
  /** Startup, scripts, then the place's own output; lines end with a newline. */
  logs(name: string, options: { tail?: number; follow?: boolean; signal?: AbortSignal }): AsyncIterable<string>;
  /** The same as it grows, each line with what to give as `after` to go on behind it. */
  followLog(
    name: string,
    options: { tail?: number; after?: string | undefined; signal?: AbortSignal },
  ): AsyncIterable<{ text: string; source: LogSource; place: string }>;
  /** From now on. A reader that falls far behind gets `changed` events coalesced by workspace. */
  events(signal: AbortSignal): AsyncIterable<WorkspaceEvent>;
  /**
   * What the running ones use, or the one of this id, about every two seconds until the signal aborts; each time all of it, of which a slow reader gets
   * the latest. Everyone who looks shares one reading, which ends with the last; what could not be read for ten seconds is left out.
   */
  usage(signal: AbortSignal, only?: WorkspaceId): AsyncGenerator<readonly WorkspaceUsage[], void>;
  /** The same for whoever keeps it, read for them alone and as often as they say of so many that run. */
  sampleUsage(
    signal: AbortSignal,
    everyMs: (running: number) => number,
  ): AsyncGenerator<readonly WorkspaceUsage[], void>;
  /**
   * Takes in what the coding tools in a running workspace have written of their use since the last time, which is no use of it. One that does not run has
   * nothing new, and what cannot be read is logged. Throws `aborted`.
   */
  readUsage(id: WorkspaceId, signal: AbortSignal): Promise<void>;
  status(runtime?: RuntimeName): Promise<RuntimeStatus>;
  /** Makes the records true after a crash or an engine restart, and sets going what has to be started again; safe to repeat. */
  reconcile(): Promise<void>;
}

export interface WorkspaceTerminals extends Omit<Terminals, "open"> {
  /** Of the terminal that has this name; a new one gets it as its id too, unless one that was renamed has that. */
  open(options: {
    id: string;
    argv?: Argv;
    size: Parameters<Terminals["open"]>[0]["size"];
  }): ReturnType<Terminals["open"]>;
  /** Tells those who watch the workspace that its program calls what it does something else. */
  titled(id: string): void;
  /** Also throws `invalid_input` for what is no name, and `name_taken` where another has it. */
  rename(id: string, name: string): Promise<void>;
}
