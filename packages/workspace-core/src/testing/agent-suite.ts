import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Argv } from "../box.ts";
import { concatBytes } from "../bytes.ts";
import type { Box, Clock } from "../ports.ts";
import { createRuns } from "../runs/create-runs.ts";
import type { Runs } from "../runs/runs.ts";
import { agentTools } from "../tasks/agents/agent-tools.ts";
import type { AgentTool } from "../tasks/agents/tool.ts";
import { isFinal, type TaskId, type TaskRecord } from "../tasks/task.ts";
import { createTasks, type Tasks } from "../tasks/tasks.ts";
import type { TaskPlace } from "../tasks/task-workspaces.ts";
import { agentTask } from "./agent-stand-in/agent-task.ts";
import type { Dialect } from "./agent-stand-in/play.ts";
import { agentStandIn } from "./agent-stand-in/program.ts";
import { createMemoryTaskStore } from "./memory-tasks.ts";
import { clock as realClock } from "./terminals-suite/driving.ts";

/** A place in which the stand-ins for coding tools are installed. */
export interface AgentPlace extends AsyncDisposable {
  runs: Runs;
  clock: Clock;
  /** Where the stand-in for a tool is; found by its name where absent. */
  program?: (dialect: Dialect) => string;
  /** Lets so much of the clock's time pass. */
  pass(ms: number): Promise<void>;
  /** All that was said in a conversation. */
  told(session: string): Promise<readonly string[]>;
}

type Row = [scene: string, expected: (tool: Dialect) => object];

const TOOLS: readonly Dialect[] = ["claude", "codex", "opencode"];
const completed = (text?: string) => ({
  status: "completed",
  ...(text === undefined ? {} : { result: text }),
  session: expect.stringMatching(/^ses-/) as string,
});
const failed = (code: string) => ({ status: "failed", error: { code } });

/** What becomes of a tool that plays a scene. */
const ROWS: readonly Row[] = [
  ["ok", () => ({ ...completed("Did: ok"), usage: { inputTokens: 7, outputTokens: 3 } })],
  ["talk", (tool) => completed(tool === "claude" ? "401 Unauthorized: usage limit reached|1762952400" : undefined)],
  ["torn", () => completed("Did: torn")],
  ["big", () => completed("Did: big")],
  ["slow 300", () => completed("Did: slow 300")],
  ["sticky", (tool) => (tool === "opencode" ? { ...failed("command_failed"), exit: { code: 1 } } : completed("Done."))],
  ["die", () => ({ ...failed("command_failed"), exit: { code: 3 } })],
  ["early-die", () => ({ ...failed("command_failed"), exit: { code: 3 } })],
  ["silent", () => ({ ...failed("no_result"), exit: { code: 0 } })],
  ["error", () => ({ ...failed("command_failed"), exit: { code: 1 } })],
  ["hang", () => failed("command_failed")],
  ["linger", () => completed(undefined)],
  ["noauth", () => ({ status: "auth_failed", error: { code: "login_needed" } })],
  [
    "limit 5",
    (tool) => ({ status: "limited", session: expect.stringMatching(/^ses-/) as string, account: `${tool}:ws-a` }),
  ],
  ["limit-text 5", () => ({ status: "limited" })],
  ["ask", (tool) => ASKED[tool]],
  [
    "deny",
    (tool) => (tool === "codex" ? completed() : { status: "waiting_input", question: { reason: "permission" } }),
  ],
];

const ASKED: Readonly<Record<Dialect, object>> = {
  claude: {
    status: "waiting_input",
    question: { text: "Which way?", options: ["left", "right"], reason: "question" },
  },
  codex: { status: "completed" },
  opencode: { status: "waiting_input", question: { text: "It was not allowed to use bash.", reason: "permission" } },
};

/** What tasks of coding tools come to in a real place, with stand-ins that are installed there. Needs Node in it. */
export function agentBoxSuite(
  title: string,
  open: () => Promise<{ readonly box: Box } & AsyncDisposable>,
  tools: readonly Dialect[] = TOOLS,
): void {
  agentSuite(title, openWithStandIns, tools);

  async function openWithStandIns(): Promise<AgentPlace> {
    const place = await open();
    const { box } = place;
    const clock = fastClock();
    const bin = `${box.home}/.stand-in-bin`;
    await box.files.mkdir(bin);
    for (const tool of TOOLS) {
      await box.files.write(`${bin}/${tool}`, new TextEncoder().encode(agentStandIn(tool)), { mode: 0o755 });
    }
    return {
      runs: createRuns(box, { clock: realClock }),
      clock,
      program: (tool) => `${bin}/${tool}`,
      pass: (ms) => clock.sleep(ms),
      async told(session) {
        const parts = await Array.fromAsync(box.files.read(`${box.home}/.stand-in/${session}`));
        return JSON.parse(new TextDecoder().decode(concatBytes(parts))) as string[];
      },
      [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
    };
  }
}

const FASTER = 50;

/** Time that goes faster than the world's: a minute is over in a second. */
function fastClock(): Clock {
  const start = Date.now();
  const elapsed = (): number => (Date.now() - start) * FASTER;
  return {
    now: () => start + elapsed(),
    monotonic: elapsed,
    sleep: (ms, signal) => realClock.sleep(ms / FASTER, signal),
  };
}

/** What tasks of coding tools come to in a place, whatever holds its runs. */
export function agentSuite(title: string, open: () => Promise<AgentPlace>, tools: readonly Dialect[] = TOOLS): void {
  describe(`${title} runs coding tools`, () => {
    let place: AgentPlace;
    beforeAll(async () => {
      place = await open();
    });
    afterAll(async () => {
      await (place as AgentPlace | undefined)?.[Symbol.asyncDispose]();
    });

    /** Time passes while it goes on, as far as something waits for it. */
    async function settled(tasks: Tasks, id: TaskId): Promise<TaskRecord> {
      for (;;) {
        const record = tasks.get(id);
        if (isFinal(record.status) || WAITING.has(record.status)) return record;
        await place.pass(1_000);
      }
    }

    describe.each(tools)("%s", (tool) => {
      const model = "acme/one";

      test.each(ROWS)("that plays '%s' comes to its one end", async (scene, expected) => {
        await using tasks = queueOver(place);
        const { id } = tasks.create(agentTask(scene, { tool, model, permissions: "all" }));
        expect(await settled(tasks, id)).toMatchObject(expected(tool));
      });

      test("goes on in its conversation once its limit is over, and is never told its prompt again", async () => {
        await using tasks = queueOver(place);
        const before = place.clock.now();
        const { id } = tasks.create(agentTask("limit 1 then work", { tool, model }));
        const limited = await settled(tasks, id);
        expect(limited.notBefore).toBeGreaterThanOrEqual(before + 60_000);
        tasks.resume(id, { createdBy: "ada" });
        const over = await settled(tasks, id);
        const session = limited.session ?? "";
        expect(over).toMatchObject({ status: "completed", attempt: 2, session });
        expect(await place.told(session)).toEqual(["limit 1 then work", "Continue."]);
      });

      test("is given an answer, and a further prompt once it is over, in one conversation", async () => {
        await using tasks = queueOver(place);
        const { id } = tasks.create(agentTask(tool === "codex" ? "ok first" : "ask", { tool, model }));
        const { status, session = "" } = await settled(tasks, id);
        if (status === "waiting_input") tasks.resume(id, { prompt: "left", createdBy: "ada" });
        expect((await settled(tasks, id)).status).toBe("completed");
        const further = tasks.resume(id, { prompt: "and now?", createdBy: "bob" });
        expect(further).toMatchObject({ followUpOf: id, createdBy: "bob", status: "pending" });
        expect(await settled(tasks, further.id)).toMatchObject({ status: "completed", session });
        const told = tool === "codex" ? ["ok first", "and now?"] : ["ask", "left", "and now?"];
        expect(await place.told(session)).toEqual(told);
      });

      test("whose conversation is gone says so, and begins no other", async () => {
        await using tasks = queueOver(place);
        const { id } = tasks.create(agentTask("ok", { tool, model, session: "ses-unknown" }, { retries: 3 }));
        expect(await settled(tasks, id)).toMatchObject({ ...failed("session_missing"), attempt: 1 });
      });
    });

    test("a tool that is not there is told to be missing", async () => {
      await using tasks = queueOver(place);
      const { id } = tasks.create(agentTask("ok", { tool: "absent" }, { retries: 3 }));
      expect(await settled(tasks, id)).toMatchObject({ ...failed("tool_missing"), attempt: 1 });
    });
  });
}

const WAITING: ReadonlySet<string> = new Set(["waiting_input", "limited", "auth_failed"]);

function queueOver({ runs, clock, program }: AgentPlace): Tasks {
  const here: TaskPlace = { id: "ws-a", name: "a", status: "running", busy: false, toStayStopped: false };
  const found = agentTools({ absent: { argv: ["ws-absent-tool"], output: "text" } });
  const tools = new Map([...found].map(([name, tool]) => [name, atItsPlace(tool, program)]));
  const tasks = createTasks({
    store: createMemoryTaskStore(),
    workspaces: {
      named: () => here,
      find: () => here,
      start: async () => undefined,
      runs: async () => runs,
      variables: async () => ({}),
      // A login is there: what it says decides.
      hasFile: async () => true,
      async *changes(signal) {
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      },
    },
    clock,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    newId: (): TaskId => `task-${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`,
    limits: () => ({ perWorkspace: 3, global: 3 }),
    agents: { find: (name) => tools.get(name), fingerprint: () => "" },
  });
  tasks.reconcile();
  return tasks;
}

function atItsPlace(tool: AgentTool, program: AgentPlace["program"]): AgentTool {
  if (program === undefined || tool.name === "absent") return tool;
  return {
    ...tool,
    command(ask) {
      const { argv, ...more } = tool.command(ask);
      const [name, ...rest] = argv;
      return { argv: [program(name as Dialect), ...rest] as Argv, ...more };
    },
  };
}
