import { expect, test } from "vitest";
import { aWorkspace, refusal, show } from "../testing/show.tsx";

const terminal = { cols: 80, rows: 24, start: 0, end: 0, created: new Date().toISOString(), durable: true, viewers: 0 };

function withTerminals(...names: string[]) {
  return {
    terminals: { list: async () => names.map((name) => ({ ...terminal, id: `id-${name}`, name })) },
  };
}

test("the page of a workspace tells what it is, what it uses, and its terminals", async () => {
  const alpha = aWorkspace("alpha", { repo: "https://forge.test/acme/app", branch: "fix", baseBranch: "main" });
  const screen = await show({ workspaces: [alpha], client: withTerminals("main", "build") });
  screen.press("RETURN");
  screen.usage.set(new Map([[alpha.id, { id: alpha.id, cpuPercent: 12, memoryBytes: 2 ** 20, processes: 1, at: "" }]]));
  const lines = (await screen.sees(/TERMINAL[^]*build/)).split("\n");
  expect(lines.slice(0, 11)).toEqual([
    expect.stringMatching(/^ ws {2}desk › alpha +1 of 1 running$/),
    "",
    " Status      running",
    " Repository  https://forge.test/acme/app",
    " Branch      fix (from main)",
    " Runtime     local, sandbox, for a person",
    " Uses        12 % of a CPU, 1.0 MiB, 1 thread",
    " Used        now",
    "",
    "   TERMINAL  OPENED",
    " ▌ main      now",
  ]);
  expect(lines.at(-2)).toBe(" ↵ terminal   T another   x stop   d delete   a tasks   ? help   esc back");
  screen.press("ESCAPE");
  await screen.sees("▌ alpha");
});

test("terminals are listed again when they become others", async () => {
  const names = ["main"];
  const alpha = aWorkspace("alpha");
  const screen = await show({
    workspaces: [alpha],
    client: { terminals: { list: () => withTerminals(...names).terminals.list() } },
  });
  screen.press("RETURN");
  expect(await screen.sees("▌ main")).not.toContain("build");
  names.push("build");
  screen.terminalChanges.set(new Map([[alpha.id, 1]]));
  await screen.sees("build");
});

test("one that is being made shows its steps, and one that failed why, and what to do", async () => {
  const steps = [
    { id: "create", label: "Create the workspace", status: "done" as const },
    { id: "clone", label: "Clone the repository", status: "running" as const, message: "42 %" },
    { id: "scripts", label: "Run scripts", status: "pending" as const },
  ];
  const making = aWorkspace("alpha", { status: "creating", startup: { steps, updatedAt: "" } });
  const screen = await show({ workspaces: [making] });
  screen.press("RETURN");
  expect(await screen.sees("Clone")).toContain(
    " ✓ Create the workspace\n ▸ Clone the repository  42 %\n · Run scripts\n",
  );
  const failure = {
    step: "clone",
    code: "repository_not_found",
    message: "There is no such\u001b[2J repository.",
    next: "Look.",
    at: "",
  };
  screen.workspaces.set([{ ...making, status: "error", failure }]);
  expect(await screen.sees("error (repository_not_found)")).toContain("\n There is no such repository. Look.\n");
  screen.workspaces.set([]);
  await screen.sees("This workspace is gone.");
  screen.press("q");
  await screen.sees("No workspaces yet.");
});

test("a worker that does not list the terminals is told", async () => {
  const client = { terminals: { list: () => Promise.reject(refusal("box_unavailable", "It does not answer.")) } };
  const screen = await show({ workspaces: [aWorkspace("alpha")], client });
  screen.press("RETURN");
  expect(await screen.sees("It does not answer.")).toContain("↵ terminal");
});

test("what could not be told while the worker was away is told when it is there again", async () => {
  let isAway = true;
  const list = () =>
    isAway ? Promise.reject(refusal("agent_unreachable", "No agent runs.")) : withTerminals("build").terminals.list();
  const screen = await show({ workspaces: [aWorkspace("alpha")], client: { terminals: { list } } });
  screen.press("RETURN");
  await screen.sees("No agent runs.");
  isAway = false;
  screen.returns.set(1);
  expect(await screen.sees("▌ build")).not.toContain("No agent runs.");
});

test("the page of a workspace and the picker have all of a large terminal", async () => {
  const repos = Array.from({ length: 40 }, (_, at) => ({
    fullName: `acme/app${at}`,
    url: `https://forge.test/acme/app${at}`,
    description: "",
    private: false,
  }));
  const client = {
    ...withTerminals(...Array.from({ length: 30 }, (_, at) => `t${at}`)),
    github: { listRepos: async () => ({ configured: true, repos }) },
    projects: { list: async () => ({ projects: [] }) },
  };
  const screen = await show({ workspaces: [aWorkspace("alpha")], client, width: 200, height: 50 });
  screen.press("RETURN");
  const page = (await screen.sees("t29")).split("\n");
  expect([page[0]?.length, page.at(-2)]).toEqual([199, expect.stringContaining("? help   esc back")]);
  screen.press("ESCAPE");
  await screen.sees("▌ alpha");
  screen.press("n");
  const picker = (await screen.sees("acme/app39")).split("\n");
  expect([picker[0]?.length, picker.at(-2)]).toEqual([199, expect.stringContaining("esc back")]);
});
