import { expect, test } from "vitest";
import { emptyTask, faultsOf, toAttemptsInput, toTaskInput } from "./new-task.ts";

test("A command alone is enough, and its first line is its title", () => {
  const values = { ...emptyTask, workspace: "demo", command: "  npm ci\nnpm test\n" };
  expect(faultsOf(values)).toEqual({});
  expect(toTaskInput(values)).toEqual({
    name: "demo",
    spec: { kind: "command", command: "npm ci\nnpm test" },
    title: "npm ci",
  });
});

test("A prompt for a coding tool names the tool and the model only where somebody chose them", () => {
  const values = { ...emptyTask, workspace: "demo", kind: "agent" as const, prompt: "Fix the build.\nThanks." };
  expect(toTaskInput(values)).toEqual({
    name: "demo",
    spec: { kind: "agent", prompt: "Fix the build.\nThanks." },
    title: "Fix the build.",
  });
  expect(toTaskInput({ ...values, tool: "codex", model: " large " }).spec).toMatchObject({
    tool: "codex",
    model: "large",
  });
  expect(faultsOf({ ...values, prompt: " " })).toEqual({ prompt: "Say what is to be done." });
});

test("Minutes become seconds, and what is as always is left out", () => {
  const values = { ...emptyTask, workspace: "demo", command: "make", retries: "2", minutes: "1.5", priority: "-3" };
  expect(toTaskInput(values)).toMatchObject({ retries: 2, timeoutSeconds: 90, priority: -3 });
});

test("What cannot be is said at its field", () => {
  // Attempts have no retries and no priority, so nobody could mend those.
  const attempts = faultsOf(
    { ...emptyTask, prompt: "x", command: "x", retries: "many", minutes: "0", priority: "101" },
    true,
  );
  expect(Object.keys(attempts)).toEqual(["minutes"]);
  const faults = faultsOf({ ...emptyTask, retries: "many", minutes: "0", priority: "101" });
  expect(Object.keys(faults)).toEqual(["command", "minutes", "retries", "priority"]);
});

test("several tries are asked for at once, with who makes which only where that was chosen", () => {
  const asked = {
    ...emptyTask,
    workspace: "demo",
    kind: "agent" as const,
    prompt: " Make it so ",
    tries: 2,
    minutes: "5",
  };
  expect(toAttemptsInput(asked)).toEqual({
    name: "demo",
    spec: { kind: "agent", prompt: "Make it so" },
    count: 2,
    title: "Make it so",
    timeoutSeconds: 300,
  });
  const makers = [
    { tool: "claude", model: "" },
    { tool: "", model: " large " },
    { tool: "codex", model: "" },
  ];
  expect(toAttemptsInput({ ...asked, makers }).agents).toEqual([{ tool: "claude" }, { model: "large" }]);
  const command = { ...asked, kind: "command" as const, command: "npm test", makers };
  expect(toAttemptsInput(command)).not.toHaveProperty("agents");
});
