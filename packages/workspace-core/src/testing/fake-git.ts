import { WsError } from "../errors.ts";
import type { GitStatus, GitWork } from "../git-work.ts";
import type { Git, WorkState } from "../ports.ts";
import type { WorkspaceId } from "../workspace.ts";

export interface FakeGit extends Git {
  readonly clones: string[];
  /** The profiles of the workspaces whose git was led to the worker. */
  readonly attached: string[];
  /** The workspaces whose repositories were told of their grants. */
  readonly told: string[];
  /** Branches as they were pushed, oldest first: `ID BRANCH COMMIT`. */
  readonly pushes: string[];
  /** The workspaces for which something is prepared, and what has been told of it; empty as long as nothing is. */
  readonly preparations: Map<WorkspaceId, string>;
  /** Bytes that are kept for workspaces to come, and what removing them does. */
  unused: { bytes: number; onRemove: () => void };
  /** Makes what is prepared from now on be there only when this is over. */
  prepareAfter(work: (signal: AbortSignal) => Promise<unknown>): void;
  /** The files that repositories have before they are cloned; nothing can be told of any where this was never called. */
  holds(files: Readonly<Record<string, string>>): void;
  /** Makes the next clones and pushes fail with this error. */
  failWith(error: WsError | undefined): void;
  /** What lies in a workspace's repository. */
  leave(id: WorkspaceId, work: Partial<WorkState>): void;
  /** The branches that people switched to there, where it is another than the workspace's. */
  readonly switched: Map<WorkspaceId, string>;
  /** What the repositories of workspaces answer; of what is not given here, only their status is ever asked for. */
  working: Partial<GitWork>;
  /** Makes leading git to the worker take as long as this. */
  attachAfter(work: (signal: AbortSignal | undefined) => Promise<unknown>): void;
}

/** Git that clones by writing one file. */
export function createFakeGit({ onPush = () => {} }: { onPush?: (url: string, branch: string) => void } = {}): FakeGit {
  const clones: string[] = [];
  const attached: string[] = [];
  const told: string[] = [];
  const pushes: string[] = [];
  const unused = { bytes: 0, onRemove: () => {} };
  const preparations = new Map<WorkspaceId, string>();
  let preparing: ((signal: AbortSignal) => Promise<unknown>) | undefined;
  let files: ReadonlyMap<string, string> | undefined;
  const states = new Map<WorkspaceId, WorkState>();
  let failure: WsError | undefined;
  let before: (signal: AbortSignal | undefined) => Promise<unknown> = () => Promise.resolve();
  const stateOf = (id: WorkspaceId): WorkState =>
    states.get(id) ?? { branch: "main", head: "c0", uncommitted: { count: 0, files: [] }, unpushed: 0, stashes: 0 };
  const fake: FakeGit = {
    clones,
    attached,
    told,
    working: {},
    switched: new Map(),
    pushes,
    preparations,
    unused,
    prepareAfter(work) {
      preparing = work;
    },
    leave: (id, work) => void states.set(id, { ...stateOf(id), ...work }),
    failWith(error) {
      failure = error;
    },
    attachAfter(work) {
      before = work;
    },
    parseUrl(text) {
      const match = /^https:\/\/[\w.-]+\/(?:[\w.-]+\/)*([\w.-]+?)(?:\.git)?$/.exec(text);
      if (match?.[1] === undefined) {
        throw new WsError("invalid_clone_url", {
          message: `'${text}' is not a clone URL.`,
          next: "Use https://host/owner/repository.",
          data: { url: text },
        });
      }
      return { url: text, name: match[1] };
    },
    checkBranch(name, field) {
      if (/^[\w/-]+$/.test(name) && !name.startsWith("-")) return;
      throw new WsError("invalid_input", { message: `'${name}' is not a branch name.`, data: { field } });
    },
    ownBranch: ({ id, name, execution }) =>
      execution === undefined
        ? `parallax/${id}/person/${name}`
        : ["parallax", execution.id, execution.role, execution.slug ?? name].join("/"),
    branchesOf: (execution) => `parallax/${execution}/`,
    isOfExecution: (branch, execution) => branch.startsWith(`parallax/${execution}/`),
    async attach(_box, { profile }, signal) {
      await before(signal);
      attached.push(profile);
    },
    // It has no configuration that could say it.
    identify: () => Promise.resolve(false),
    async showRights(box) {
      told.push(box.id);
    },
    async prepare({ url }, { workspace, signal }) {
      if (preparing === undefined) return undefined;
      preparations.set(workspace, url);
      const done = preparing(signal);
      done.catch(() => undefined);
      return { directory: `/objects/${workspace}`, ready: async () => void (await done) };
    },
    snapshot: async () => {
      if (files === undefined) return undefined;
      const there = files;
      return {
        commit: "c0",
        read: async (path, mostBytes) => {
          const text = there.get(path);
          if (text === undefined) return undefined;
          const bytes = new TextEncoder().encode(text);
          return bytes.length > mostBytes ? "large" : bytes;
        },
        tree: async (path) => `tree of ${path}`,
        // oxlint-disable-next-line require-yield -- it is empty
        archive: async function* () {},
        [Symbol.asyncDispose]: async () => undefined,
      };
    },
    holds(given) {
      files = new Map(Object.entries(given));
    },
    release: async (workspace) => void preparations.delete(workspace),
    async removeUnused() {
      const { bytes } = unused;
      unused.bytes = 0;
      unused.onRemove();
      return bytes;
    },
    prepared: async () => [...preparations.keys()],
    async clone(box, repository, { report, signal }) {
      signal?.throwIfAborted();
      report({ message: "Receiving objects", percent: 50 });
      if (failure !== undefined) throw failure;
      clones.push(repository.url);
      const directory = box.repositoryDirectory(repository.name);
      await box.files.mkdir(directory);
      await box.files.write(`${directory}/README.md`, new TextEncoder().encode("# cloned\n"));
      return { branch: repository.branch ?? "main", baseBranch: repository.baseBranch ?? "main" };
    },
    async workState(box, _repository, { signal }) {
      signal?.throwIfAborted();
      // Looking takes a while, in which the place must be there.
      await new Promise((resolve) => setTimeout(resolve));
      await box.files.stat(box.home);
      return stateOf(box.id);
    },
    async commitAll(box) {
      const { unpushed, ...state } = stateOf(box.id);
      states.set(box.id, {
        ...state,
        uncommitted: { count: 0, files: [] },
        unpushed: unpushed + 1,
        head: `c${unpushed + 1}`,
      });
    },
    async push(box, { url }, { branch, report, signal }) {
      signal?.throwIfAborted();
      report({ message: "Writing objects", percent: 50 });
      if (failure !== undefined) throw failure;
      const state = stateOf(box.id);
      const commit = state.head ?? "";
      pushes.push(`${box.id} ${branch} ${commit}`);
      states.set(box.id, { ...state, unpushed: 0 });
      onPush(url, branch);
      const from = fake.switched.get(box.id);
      return { commit, ...(from === undefined || from === branch ? {} : { from }) };
    },
    async fetch(_box, _repository, { signal }) {
      signal?.throwIfAborted();
      if (failure !== undefined) throw failure;
    },
    work: (box) => ({ status: async () => statusOf(stateOf(box.id)), ...fake.working }) as GitWork,
  };
  return fake;
}

function statusOf({ branch, uncommitted: { count, files: paths }, stashes }: WorkState): GitStatus {
  const files = paths.map((path) => ({ path, worktree: "untracked" as const, conflicted: false }));
  return {
    ...(branch === undefined ? {} : { branch }),
    detached: false,
    stashes,
    files,
    total: count,
    truncated: count > paths.length,
  };
}
