import type { Setting } from "@ws/rpc-contract";
import { describe, expect, test } from "vitest";
import type { ReachedWorker } from "../state/app-context.ts";
import { aWorkspace, refusal, show, streamOf } from "../testing/show.tsx";

const setting = (key: string, more: Partial<Setting> = {}): Setting => ({
  key,
  value: 3,
  default: 3,
  description: `What ${key} is for.`,
  source: "default",
  restart: false,
  ...more,
});

describe("settings", () => {
  test("are shown with where they come from, and the worker judges another value", async () => {
    const calls: unknown[] = [];
    const settings = {
      list: async () => [setting("port", { source: "environment", shadowedBy: "WS_PORT" }), setting("tasks.global")],
      async set(input: { value: unknown }) {
        calls.push(input);
        if (typeof input.value !== "number") throw refusal("config_invalid", "It must be a number.");
        return setting("tasks.global", { restart: true });
      },
    };
    const screen = await show({ client: { config: { settings } } });
    screen.press(",");
    const lines = (await screen.sees("tasks.global")).split("\n");
    expect(lines.slice(2, 5)).toEqual([
      "   SETTING       VALUE  FROM",
      " ▌ port          3      WS_PORT",
      "   tasks.global  3      default",
    ]);
    screen.press("j");
    await screen.sees("What tasks.global is for.");
    screen.press("RETURN");
    expect(await screen.sees("settings › tasks.global")).not.toContain("↵ save");
    await screen.type("x");
    screen.press("RETURN");
    await screen.sees("It must be a number.");
    screen.press("BACKSPACE");
    await screen.type("2");
    screen.press("RETURN");
    await screen.sees("'tasks.global' takes effect when the agent is started again.");
    expect(calls).toEqual([
      { key: "tasks.global", value: "3x" },
      { key: "tasks.global", value: 32 },
    ]);
  });

  test("are taken back to their defaults after a question, where they were set", async () => {
    const calls: unknown[] = [];
    let changed = setting("tasks.global", { value: 9, source: "file" });
    const settings = {
      list: async () => [changed],
      async unset(input: unknown) {
        calls.push(input);
        return (changed = setting("tasks.global"));
      },
    };
    const screen = await show({ client: { config: { settings } } });
    screen.press(",");
    await screen.sees("u unset");
    screen.press("u");
    await screen.sees("Take 'tasks.global' back to its default?");
    screen.press("y");
    expect(await screen.sees(/tasks\.global +3 +default/)).not.toContain("u unset");
    expect(calls).toEqual([{ key: "tasks.global" }]);
  });
});

test("a secret is not typed where others look on: only how it is given is told", async () => {
  const settings = { list: async () => [setting("hub.token", { value: "…abcd", secret: true })] };
  const screen = await show({ client: { config: { settings } } });
  screen.press(",");
  expect(await screen.sees("Typed unseen: ws config set hub.token.")).not.toContain("↵");
  screen.press("RETURN");
  expect(await screen.sees("desk › settings")).not.toContain("settings › hub.token");
});

test.each([
  ["switch", { kind: "switch" }, "false", "true or false"],
  ["choice", { kind: "choice", choices: ["auto", "local"] }, "auto", "auto, local"],
] as const)("what is typed for a %s takes the place of what holds", async (_kind, takes, value, placeholder) => {
  const calls: unknown[] = [];
  const settings = {
    list: async () => [setting("one", { value, takes: takes as Setting["takes"] })],
    set: async (input: unknown) => (calls.push(input), setting("one")),
  };
  const screen = await show({ client: { config: { settings } } });
  screen.press(",");
  await screen.sees("▌ one");
  screen.press("RETURN");
  await screen.sees(`Value        ${placeholder}`);
  await screen.type("local");
  await screen.sees("↵ save");
  screen.press("RETURN");
  await expect.poll(() => calls).toEqual([{ key: "one", value: "local" }]);
});

test("a setting that was changed, or looked at, is still the one that is selected", async () => {
  let changed = setting("tasks.global");
  const settings = {
    list: async () => [setting("port"), changed, setting("zone")],
    set: async ({ value }: { value: unknown }) => (changed = setting("tasks.global", { value, source: "file" })),
  };
  const screen = await show({ client: { config: { settings } } });
  screen.press(",");
  await screen.sees("▌ port");
  screen.press("j", "RETURN");
  await screen.sees("settings › tasks.global");
  await screen.type("2");
  await screen.sees("↵ save");
  screen.press("RETURN");
  await screen.sees(/▌ tasks\.global +32 +file\n[^]*u unset/);
  screen.press("j", "RETURN");
  await screen.sees("settings › zone");
  screen.press("ESCAPE");
  expect(await screen.sees("▌ zone")).not.toContain("u unset");
});

describe("workers", () => {
  const desk = { kind: "socket", path: "/desk" } as const;
  const shown: ReachedWorker = { name: "desk", via: "device", state: "online", target: desk, isShown: true };
  const tower: ReachedWorker = {
    name: "tower",
    via: "device",
    state: "online",
    workspaces: 4,
    target: { kind: "http", url: "https://tower" },
    isShown: false,
  };
  const away: ReachedWorker = {
    name: "away",
    via: "desk",
    state: "offline",
    problem: "it did not answer in time",
    target: { ...desk, on: "away" },
    isShown: false,
  };

  test("are listed with what leads to them, and switched to", async () => {
    const used: unknown[] = [];
    const workers = {
      list: async () => [shown, tower, away],
      use(worker: ReachedWorker) {
        used.push(worker.name);
        return Promise.reject(refusal("agent_unreachable", "Nothing answers at away."));
      },
    };
    const screen = await show({ workers });
    screen.press("w");
    const lines = (await screen.sees("tower")).split("\n");
    expect(lines.slice(2, 6)).toEqual([
      "   WORKER        STATE    VIA     WORKSPACES",
      " ▌ desk (shown)  online   device           -",
      "   tower         online   device           4",
      "   away          offline  desk             -",
    ]);
    screen.press("G");
    await screen.sees("it did not answer in time");
    screen.press("RETURN");
    expect(await screen.sees("Nothing answers at away.")).toContain("desk › workers");
    expect(used).toEqual(["away"]);
  });

  test("only the last that was chosen is shown, and none where another screen was gone to", async () => {
    const asked: { name: string; signal: AbortSignal }[] = [];
    const workers = {
      list: async () => [tower, away],
      use: ({ name }: ReachedWorker, signal: AbortSignal) => {
        asked.push({ name, signal });
        return new Promise<never>((_, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason as Error)),
        );
      },
    };
    const screen = await show({ workers });
    screen.press("w");
    await screen.sees("▌ tower");
    screen.press("RETURN");
    await screen.sees("Asking tower …");
    screen.press("j");
    await screen.sees("▌ away");
    screen.press("RETURN");
    await screen.sees("Asking away …");
    expect(asked.map(({ name, signal }) => [name, signal.aborted])).toEqual([
      ["tower", true],
      ["away", false],
    ]);
    screen.press("q");
    expect(await screen.sees("No workspaces yet.")).not.toContain("Asking");
    expect(asked[1]?.signal.aborted).toBe(true);
  });

  test("say how there could be another where there is none", async () => {
    const screen = await show({ workers: { list: async () => [shown] } });
    screen.press("w");
    expect(await screen.sees("No other worker.")).toContain("ws pair HOST");
  });
});

test("logs come as they are said, without what a terminal would obey", async () => {
  const events = [{ text: "2026-11-22T12:00:00.000Z Start …\n" }, { text: "\u001b[31mred\u001b[0m \u0007bell\n" }];
  const client = {
    workspaces: {
      followLogs: async (_input: unknown, { signal }: { signal: AbortSignal }) => streamOf(events, signal),
    },
  };
  const screen = await show({ workspaces: [aWorkspace("alpha")], client });
  screen.press("l");
  const frame = await screen.sees("red bell\n");
  expect(frame).toMatch(/desk › alpha › logs/);
  expect(frame).toMatch(/\n 2026-11-2\d \d\d:00:00 Start …\n red bell\n/);
  expect(frame).toMatch(/\n ↑↓ scroll {3}\? help {3}esc back\n$/);
  screen.press("?");
  const help = await screen.sees("Among lines");
  expect(help).toContain("PgUp  half a screenful up");
  expect(help).not.toContain("On this screen");
});

test("what a workspace said stays when it is gone", async () => {
  const asked: unknown[] = [];
  const client = {
    workspaces: {
      followLogs: async (input: unknown, { signal }: { signal: AbortSignal }) => {
        asked.push(input);
        return streamOf([{ text: "The clone failed.\n" }], signal);
      },
    },
  };
  const screen = await show({ workspaces: [aWorkspace("alpha")], client });
  screen.press("l");
  await screen.sees("The clone failed.");
  screen.workspaces.set([]);
  expect(await screen.sees("gone › logs")).toContain("The clone failed.");
  expect(asked).toEqual([{ name: "alpha", tail: 1_000 }]);
});

test("nothing of a setting's value that a terminal would obey reaches the line in which it is changed", async () => {
  const setting = {
    key: "worker.name",
    value: "desk\u001b]2;OWNED\u0007\u001b[31m\u000e\ntwo",
    default: "desk",
    source: "file",
    description: "What it is called.",
  };
  const screen = await show({ client: { config: { settings: { list: async () => [setting] } } } });
  screen.press(",");
  await screen.sees("worker.name");
  screen.press("RETURN");
  expect(await screen.sees("What it is called.")).toMatch(/\n Value +desk two\n/);
});
