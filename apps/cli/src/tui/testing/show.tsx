import { createTestRenderer } from "@opentui/core/testing";
import { createRoot, flushSync } from "@opentui/react";
import type { TaskInfo, WorkspaceInfo, WorkspaceUsage } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { createConnection } from "@ws/rpc-contract/connection";
import { onTestFinished } from "vitest";
import { App } from "../app.tsx";
import type { OtherWorkers } from "../state/app-context.ts";
import type { Session } from "../state/session.ts";
import { createStore, type Store } from "../state/store.ts";

export interface Shown {
  readonly workspaces: Store<readonly WorkspaceInfo[] | undefined>;
  readonly tasks: Store<ReadonlyMap<string, TaskInfo>>;
  readonly usage: Store<ReadonlyMap<string, WorkspaceUsage>>;
  readonly terminalChanges: Store<ReadonlyMap<string, number>>;
  readonly returns: Store<number>;
  readonly problem: Store<string | undefined>;
  readonly underWay: ReadonlySet<string>;
  readonly left: string[];
  readonly crashes: unknown[];
  press(...keys: string[]): void;
  type(text: string): Promise<void>;
  click(text: string): Promise<void>;
  scroll(direction: "up" | "down"): Promise<void>;
  resize(width: number, height: number): void;
  /** What is on the screen once it holds this, without the spaces at the ends of its rows. */
  sees(what: string | RegExp): Promise<string>;
  /** What is on the screen now. */
  frame(): Promise<string>;
}

export interface ShowOptions {
  workspaces?: readonly WorkspaceInfo[] | undefined;
  tasks?: readonly TaskInfo[];
  workers?: Partial<OtherWorkers>;
  /** The procedures that the screens may call; any other one is a failure of the test. */
  client?: object;
  /** Whether there is one to go back to. */
  hasShell?: boolean;
  width?: number;
  height?: number;
}

/** The screens of one worker on a terminal that is only remembered. */
export async function show(options: ShowOptions = {}): Promise<Shown> {
  const { width = 80, height = 24, client = {} } = options;
  // Listening to SIGPIPE, and then no longer, would have the next test's broken connection end this process.
  const setup = await createTestRenderer({ width, height, exitOnCtrlC: false, exitSignals: [] });
  const workspaces = createStore("workspaces" in options ? options.workspaces : []);
  const tasks = createStore<ReadonlyMap<string, TaskInfo>>(new Map(options.tasks?.map((task) => [task.id, task])));
  const usage = createStore<ReadonlyMap<string, WorkspaceUsage>>(new Map());
  const terminalChanges = createStore<ReadonlyMap<string, number>>(new Map());
  const returns = createStore(0);
  const underWay = new Set<string>();
  const problem = createStore<string | undefined>(undefined);
  const connection = createConnection();
  const session: Session = {
    worker: "desk",
    client: client as AgentClient,
    target: { kind: "socket", path: "/nowhere" },
    connection,
    workspaces,
    tasks,
    usage,
    terminalChanges,
    returns,
    problem,
    [Symbol.dispose]: connection.close,
  };
  const left: string[] = [];
  const crashes: unknown[] = [];
  const root = createRoot(setup.renderer);
  flushSync(() =>
    root.render(
      <App
        session={session}
        workers={{
          list: async () => [],
          use: () => Promise.reject(new Error("There is no other.")),
          ...options.workers,
        }}
        asCalled={(text) => text}
        quit={() => left.push("quit")}
        suspend={async () => {
          left.push("suspend");
          return options.hasShell ?? true;
        }}
        underWay={underWay}
        crash={(error) => crashes.push(error)}
      />,
    ),
  );
  onTestFinished(() => {
    root.unmount();
    setup.renderer.destroy();
  });
  const frame = async (): Promise<string> => {
    await setup.renderOnce();
    return setup.captureCharFrame().replace(/ +$/gm, "");
  };
  const sees: Shown["sees"] = async (what) => {
    let now = "";
    // What is drawn waits for what was pressed, and for the answers to it.
    for (let round = 0; round < ROUNDS; round += 1) {
      now = await frame();
      if (typeof what === "string" ? now.includes(what) : what.test(now)) return now;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`${String(what)} is not on the screen:\n${now}`);
  };
  return {
    workspaces,
    tasks,
    usage,
    terminalChanges,
    returns,
    problem,
    underWay,
    left,
    crashes,
    press: (...keys) =>
      keys.forEach((key) =>
        key.startsWith("ctrl-")
          ? setup.mockInput.pressKey(key.slice(5), { ctrl: true })
          : setup.mockInput.pressKey(key),
      ),
    type: (text) => setup.mockInput.typeText(text),
    async click(text) {
      const rows = (await sees(text)).split("\n");
      const y = rows.findIndex((row) => row.includes(text));
      await setup.mockMouse.click(rows[y]?.indexOf(text) ?? 0, y);
    },
    scroll: (direction) => setup.mockMouse.scroll(10, 5, direction),
    resize: setup.resize,
    sees,
    frame,
  };
}

const ROUNDS = 400;

/** A workspace as the worker tells it. */
export function aWorkspace(name: string, more: Partial<WorkspaceInfo> = {}): WorkspaceInfo {
  const at = new Date().toISOString();
  return {
    id: `id-${name}`,
    name,
    status: "running",
    phase: "ready",
    containerId: "c",
    created: at,
    lastUsed: at,
    runtime: "local",
    isolation: "sandbox",
    profile: "person",
    limits: {},
    ports: { ssh: 0 },
    startup: { steps: [], updatedAt: at },
    ...more,
  };
}

/** A task as the worker tells it. */
export function aTask(title: string, more: Partial<TaskInfo> = {}): TaskInfo {
  const at = new Date().toISOString();
  return {
    id: `task-${title}`,
    workspaceId: "id-alpha",
    workspace: "alpha",
    title,
    kind: "agent",
    prompt: `Do ${title}`,
    status: "running",
    priority: 0,
    dependsOn: [],
    attempt: 1,
    retriesLeft: 0,
    restartable: false,
    createdAt: at,
    createdBy: "ada",
    changedAt: at,
    ...more,
  };
}

/** An event stream that tells this, and then stays open. */
export async function* streamOf<T>(events: readonly T[], signal: AbortSignal): AsyncGenerator<T> {
  yield* events;
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

/** A refusal as the client rejects with it. */
export function refusal(code: string, message: string, next?: string): Error {
  return Object.assign(new Error(message), {
    defined: true,
    status: 412,
    code: "PRECONDITION_FAILED",
    data: { code, next },
  });
}
