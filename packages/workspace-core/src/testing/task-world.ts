import { createCoalescingFeed } from "../coalescing-feed.ts";
import { WsError } from "../errors.ts";
import { agentTools } from "../tasks/agents/agent-tools.ts";
import type { TaskAgents } from "../tasks/agents/task-agents.ts";
import type { AgentTool } from "../tasks/agents/tool.ts";
import type { TaskLimits } from "../tasks/choose.ts";
import type { TaskId, TaskRecord } from "../tasks/task.ts";
import type { LeasedTaskRequest, TaskRequest } from "../tasks/task-request.ts";
import { createTasks, type Tasks } from "../tasks/tasks.ts";
import type { TaskPlace, TaskWorkspaces } from "../tasks/task-workspaces.ts";
import type { Runs } from "../runs/runs.ts";
import type { WorkspaceId } from "../workspace.ts";
import { fakeAgents } from "./agent-stand-in/fake-agents.ts";
import { createFakeRuns, type FakeRunProgram, type FakeRuns } from "./fake-runs.ts";
import { createLeasingWorld } from "./leasing-world.ts";
import { createManualClock } from "./manual-clock.ts";
import { createMemoryTaskStore } from "./memory-tasks.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

export interface FakePlace extends TaskPlace {
  runs: FakeRuns;
  /** What a start throws; one that is not there succeeds. */
  startFails?: Error;
  /** What reaching it throws. */
  unreachable?: Error;
  starts: number;
  /** What its processes are given, and which files lie below its home. */
  variables?: Record<string, string>;
  files?: readonly string[];
}

/** Workspaces as a list, and everything that the queue stands on, which lives on when the queue is made anew. */
export function createTaskWorld(
  options: {
    limits?: TaskLimits;
    tools?: ReadonlyMap<string, AgentTool>;
    provide?: TaskAgents["provide"];
    servers?: TaskAgents["servers"];
    demand?: (record: TaskRecord) => void;
    /** Most leases of the project `app` at once. */
    most?: number;
  } = {},
) {
  const { limits = { perWorkspace: 3, global: 100 }, tools = agentTools(), provide, servers, demand, most } = options;
  const agents: TaskAgents = {
    find: (name) => tools.get(name),
    fingerprint: (secret) => `of-${secret.length}-${secret.at(-1) ?? ""}`,
    ...(provide === undefined ? {} : { provide }),
    ...(servers === undefined ? {} : { servers }),
  };
  const clock = createManualClock();
  const store = createMemoryTaskStore();
  const places = new Map<WorkspaceId, FakePlace>();
  const feed = createCoalescingFeed<WorkspaceId>((id) => id);
  /** What a program called `held` waits for, by its run. */
  const held = new Map<string, (code: number) => void>();
  const programs: Record<string, FakeRunProgram> = {
    say: ({ request: { argv }, print }) => {
      print(argv.slice(1).join(" "));
      return {};
    },
    fail: () => ({ code: 3 }),
    held: ({ request, print, signal }) =>
      new Promise((resolve) => {
        print(`${request.id} began\n`);
        held.set(request.id, (code) => resolve({ code }));
        signal.addEventListener("abort", () => held.delete(request.id), { once: true });
      }),
  };
  const conversations = new Map<string, readonly string[]>();
  const cut = new WeakMap<Runs, AbortController>();
  let ids = 0;

  function place(name: string, more: Partial<FakePlace> = {}): FakePlace {
    const env = (): Readonly<Record<string, string>> => made.variables ?? {};
    const coding = fakeAgents({ clock, conversations, env });
    const made: FakePlace = {
      id: `ws-${name}`,
      name,
      status: "running",
      busy: false,
      toStayStopped: false,
      runs: createFakeRuns({ clock, programs: { ...programs, ...coding } }),
      starts: 0,
      ...more,
    };
    places.set(made.id, made);
    return made;
  }

  function update(id: WorkspaceId, news: Partial<FakePlace>): void {
    const known = places.get(id);
    if (known !== undefined) Object.assign(known, news);
    feed.emit(id);
  }

  /** The way into one place, as one agent has it: closed with that agent's Box. */
  function channel({ id, runs }: FakePlace): Runs {
    const open = new AbortController();
    const closed = (): WsError =>
      new WsError("box_closed", { message: "The channel is closed.", data: { workspace: id } });
    const guard = async <T>(work: Promise<T>): Promise<T> => {
      if (open.signal.aborted) throw closed();
      const gone = new Promise<never>((_resolve, reject) => {
        open.signal.addEventListener("abort", () => reject(closed()), { once: true });
      });
      return Promise.race([work, gone]);
    };
    const through: Runs = {
      start: (request) => guard(runs.start(request)),
      list: (signal) => guard(runs.list(signal)),
      ended: (run, signal) => guard(runs.ended(run, signal)),
      read: (run, from, options) => runs.read(run, from, options),
      end: (run, options) => guard(runs.end(run, options)),
      remove: (run) => guard(runs.remove(run)),
    };
    cut.set(through, open);
    return through;
  }

  const channels = new Map<WorkspaceId, Runs>();
  const workspaces: TaskWorkspaces = {
    named(name) {
      const found = [...places.values()].find((one) => one.name === name);
      if (found !== undefined) return found;
      throw new WsError("workspace_not_found", { message: `There is no workspace '${name}'.`, data: { name } });
    },
    find: (id) => places.get(id),
    async start(id) {
      const found = places.get(id);
      if (found === undefined) throw new Error("no such place");
      found.starts += 1;
      if (found.startFails !== undefined) throw found.startFails;
      update(id, { status: "running" });
    },
    async runs(id) {
      const found = places.get(id);
      if (found?.unreachable !== undefined) throw found.unreachable;
      if (found?.status !== "running") {
        const data = { name: id, status: "stopped" };
        throw new WsError("workspace_not_running", { message: "It is not running.", data });
      }
      const known = channels.get(id) ?? channel(found);
      channels.set(id, known);
      return known;
    },
    variables: async (id) => places.get(id)?.variables ?? {},
    hasFile: async (id, path) => places.get(id)?.files?.includes(path) ?? false,
    changes: (signal) => feed.subscribe(signal),
  };

  /** Loses the way into a place, as when its Box closes. */
  function disconnect(id: WorkspaceId): void {
    const through = channels.get(id);
    channels.delete(id);
    if (through !== undefined) cut.get(through)?.abort();
  }

  function stop(id: WorkspaceId, more: Partial<FakePlace> = {}): void {
    places.get(id)?.runs.stopPlace();
    update(id, { status: "stopped", ...more });
    disconnect(id);
  }

  const leasing = createLeasingWorld({ clock, places, place, remove, ...(most === undefined ? {} : { most }) });

  function remove(id: WorkspaceId): void {
    places.get(id)?.runs.stopPlace();
    places.delete(id);
    feed.emit(id);
    disconnect(id);
  }

  function boot(): Tasks {
    const tasks = createTasks({
      leases: leasing.boot(),
      store,
      workspaces,
      clock,
      log: silent,
      newId: (): TaskId => `task-${(ids++).toString(36).padStart(12, "0")}`,
      limits: () => limits,
      agents,
      ...(demand === undefined ? {} : { demand }),
    });
    tasks.reconcile();
    return tasks;
  }

  return {
    clock,
    store,
    places,
    place,
    update,
    stop,
    disconnect,
    remove,
    leasing,
    held,
    /** All that coding tools were told, by conversation. */
    conversations,
    /** Lets all that can happen now happen, then so much time pass, and then what that led to. */
    async pass(ms: number): Promise<void> {
      await quiet();
      clock.advance(ms);
      await quiet();
    },
    limits,
    boot,
    /** Ends the program of a task that is held. */
    finish({ id, attempt }: Pick<TaskRecord, "id" | "attempt">, code = 0): void {
      held.get(`${id}.${attempt}`)?.(code);
    },
  };
}

/** All that the fakes do is done between two turns of the event loop. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** A command for a workspace of its own of the project `app`. */
export function leasedTask(argv: readonly string[], more: Partial<LeasedTaskRequest> = {}): LeasedTaskRequest {
  const { workspace: _workspace, ...request } = commandTask(argv);
  const resolved = {
    workflowType: "git",
    projectName: "app",
    cloneUrl: "https://host.test/org/app",
    allocates: true,
    extra: {},
  };
  return { ...request, lease: { reference: "#git:app", resolved, profile: "person" }, ...more };
}

/** A command for a workspace called `a`. */
export function commandTask(argv: readonly string[], more: Partial<TaskRequest> = {}): TaskRequest {
  const [program = "say", ...rest] = argv;
  return { workspace: "a", spec: { kind: "command", argv: [program, ...rest] }, createdBy: "ada", ...more };
}
