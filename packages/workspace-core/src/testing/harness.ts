import type { Workspaces, WorkspacesPorts } from "../api.ts";
import type { EgressPorts } from "../egress/control.ts";
import { WsError } from "../errors.ts";
import type { Decision, Disk, GivenFile, Log, Runtime, Script, Store } from "../ports.ts";
import type { UsageLog } from "../token-usage/usage-log.ts";
import type { WorkspaceId } from "../workspace.ts";
import { createWorkspaces } from "../workspaces.ts";
import { createFakeBox } from "./fake-box.ts";
import type { FakeProgram } from "./fake-process.ts";
import { createFakeCredentials, type FakeCredentials } from "./fake-credentials.ts";
import { createFakeForge, type FakeForge } from "./fake-forge.ts";
import { createFakeGit, type FakeGit } from "./fake-git.ts";
import { createFakeRuns, type FakeRunProgram, type FakeRuns } from "./fake-runs.ts";
import { createFakeRuntime, type FakeRuntime } from "./fake-runtime.ts";
import { createManualClock, type ManualClock } from "./manual-clock.ts";
import { createMemoryStore } from "./memory-store.ts";

export interface Harness extends AsyncDisposable {
  workspaces: Workspaces;
  runtime: FakeRuntime;
  store: Store;
  git: FakeGit;
  credentials: FakeCredentials;
  /** Has `acme/next.js`, to which pushes of the fake git go. */
  forge: FakeForge;
  decisions: Decision[];
  /** Who has which workspace on lease. */
  leased: Map<WorkspaceId, { id: string; holder: string }>;
  /** What the worker's owner allows. */
  allowed: { docker: boolean };
  clock: ManualClock;
  free: Awaited<ReturnType<Disk["free"]>>;
  scripts: Script[];
  files: GivenFile[];
  /** What the setup puts into the environment of processes. */
  variables: Record<string, string>;
  programs: Record<string, FakeProgram>;
  /** What is held in each workspace, whatever becomes of its Box, and what can be. */
  runs: Map<WorkspaceId, FakeRuns>;
  runPrograms: Record<string, FakeRunProgram>;
  /** A second engine over the same store and runtime, as after SIGKILL of the first: nothing of the first is told. */
  reborn(): Workspaces;
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** The core on fakes, everything within reach of a test. */
export function createHarness({
  others = [],
  log = silent,
  egress,
  usageLog,
}: { others?: readonly Runtime[]; log?: Log; egress?: EgressPorts; usageLog?: UsageLog } = {}): Harness {
  const clock = createManualClock();
  const store = createMemoryStore();
  const forge = createFakeForge({ clock });
  forge.add("acme/next.js", { people: ["ada"], teams: ["core"] });
  const git = createFakeGit({
    onPush: (url, branch) => {
      if (/acme\/next\.js/.test(url)) forge.push("acme/next.js", branch);
    },
  });
  const credentials = createFakeCredentials({ clock });
  const decisions: Decision[] = [];
  const leased: Harness["leased"] = new Map();
  const programs: Record<string, FakeProgram> = {
    echo: ({ argv }) => ({ stdout: `${argv.slice(1).join(" ")}\n` }),
    env: ({ options }) => ({ stdout: JSON.stringify(options.env) }),
    pwd: ({ options }) => ({ stdout: options.cwd ?? "" }),
    script: () => ({ stdout: "script ran\n" }),
    forever: ({ signal }) => new Promise((resolve) => signal.addEventListener("abort", () => resolve({}))),
  };
  const runtime = createFakeRuntime({
    now: clock.now,
    openBox: (home, ended) => createFakeBox(home, ended, programs),
  });
  const free = { bytes: 50e9, totalBytes: 100e9, inodes: 1e6, totalInodes: 2e6 };
  const scripts: Script[] = [];
  const files: GivenFile[] = [];
  const variables: Record<string, string> = { FROM_SETUP: "1" };
  const runs: Harness["runs"] = new Map();
  const runPrograms: Harness["runPrograms"] = {
    env: ({ request, print }) => {
      print(JSON.stringify([request.cwd, request.env]));
      return {};
    },
    forever: ({ signal }) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve({}), { once: true })),
  };
  const allowed = { docker: false };
  let ids = 0;
  const ports: WorkspacesPorts = {
    runtimes: [runtime, ...others],
    store,
    git,
    credentials,
    forges: [forge],
    decisions: { add: (decision) => void decisions.push(decision) },
    ...(egress === undefined ? {} : { egress }),
    ...(usageLog === undefined ? {} : { usageLog }),
    leaseOf: (id) => leased.get(id),
    allowsDocker: () => allowed.docker,
    clock,
    setup: {
      environment: async () => ({ ...variables }),
      scripts: async () => scripts,
      scriptTimeoutMs: () => 60_000,
      files: async () => files,
    },
    disk: { free: async () => ({ ...free }) },
    log,
    newId: (): WorkspaceId => `ws-${(ids++).toString().padStart(6, "0")}`,
    openTerminals: async () => {
      throw new WsError("box_feature_missing", { message: "No terminals.", data: { feature: "pty", missing: [] } });
    },
    openRuns: async ({ id }) => {
      const held = runs.get(id) ?? createFakeRuns({ clock, programs: runPrograms });
      runs.set(id, held);
      return held;
    },
  };
  const living: Workspaces[] = [];
  const make = (): Workspaces => {
    const made = createWorkspaces(ports);
    living.push(made);
    return made;
  };
  return {
    workspaces: make(),
    runtime,
    store,
    git,
    credentials,
    forge,
    decisions,
    leased,
    allowed,
    clock,
    free,
    scripts,
    files,
    variables,
    programs,
    runs,
    runPrograms,
    reborn: make,
    async [Symbol.asyncDispose]() {
      // The first of two engines may hang in a call that its test never lets end.
      await living.at(-1)?.[Symbol.asyncDispose]();
    },
  };
}

/** Resolves once the condition holds after some change of a workspace; fails after two seconds of real time. */
export async function eventually(workspaces: Workspaces, condition: () => boolean): Promise<void> {
  const limit = AbortSignal.timeout(2_000);
  const changes = workspaces.events(limit)[Symbol.asyncIterator]();
  while (!condition()) {
    if ((await changes.next()).done === true) throw new Error("the condition did not come to hold in two seconds");
  }
}
