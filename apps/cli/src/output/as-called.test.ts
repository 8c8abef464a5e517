import { expect, test } from "vitest";
import { run } from "../run.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { CliError, printError } from "../errors.ts";
import { createContext } from "../context.ts";
import { asCalled, asCalledOn } from "./as-called.ts";

const launcher = { WS_CALLED: "./ws" };

test("who types ./ws reads ./ws in what to type next, wherever in a sentence", () => {
  expect(asCalled("Did you mean 'demo'? 'ws list' shows them: ws start demo.", launcher)).toBe(
    "Did you mean 'demo'? './ws list' shows them: ./ws start demo.",
  );
  expect(asCalled("ws doctor", launcher)).toBe("./ws doctor");
  expect(asCalled("ws doctor", {})).toBe("ws doctor");
});

test("nothing else that ends in these letters is taken for it", () => {
  for (const text of ["./ws list", "news list", "ws: no", "/opt/ws list"]) expect(asCalled(text, launcher)).toBe(text);
});

test("help, hints and errors say it alike", async () => {
  const overview = createFakeIo(launcher);
  await run(["--help"], overview);
  expect(overview.out()).toMatch(/^Usage: \.\/ws \[options\]/);
  const help = createFakeIo(launcher);
  await run(["start", "--help"], help);
  expect(help.out()).toContain("\n  ./ws start demo\n");
  const wrong = createFakeIo(launcher);
  await run(["start"], wrong);
  expect(wrong.err()).toContain("See: ./ws start --help.");
  const json = createFakeIo(launcher);
  await run(["start", "--json"], json);
  expect(JSON.parse(json.err())).toMatchObject({ error: { next: "See: ./ws start --help." } });
});

test.each([
  ["Next: ws shell far", "Next: ws --on desk shell far"],
  ["Look: ws info a. Undo: ws delete a.", "Look: ws --on desk info a. Undo: ws --on desk delete a."],
  ["'ws list' shows them.", "'ws --on desk list' shows them."],
  ["ws mcp list", "ws --on desk mcp list"],
  ["ws config set git.name NAME", "ws --on desk config set git.name NAME"],
])("what is told of a call on a worker leads to that worker: %s", (said, shown) => {
  expect(asCalledOn(said, {}, "desk")).toBe(shown);
  expect(asCalledOn(said, { WS_ON: "desk" }, undefined)).toBe(shown);
  expect(asCalledOn(said, launcher, "desk")).toBe(shown.replaceAll("ws --on", "./ws --on"));
  expect(asCalledOn(shown, {}, "desk")).toBe(shown);
  expect(asCalledOn(said, {}, undefined)).toBe(said);
});

test.each([
  "See them: ws worker list.",
  "Start it as 'ws worker add desk' said: ws agent run --hub URL.",
  "Check the address ('ws config get worker') and that its agent runs.",
  "then here: ws config set token VALUE.",
  "On that worker itself: ws open.",
  "On another device: WS_WORKER=box WS_TOKEN=… ws list",
  "ws mcp: the pipe is gone",
  "See: ws task add --help.",
  "'ws --version' here",
])("what is about the agent itself, or for another device, is left as it is: %s", (said) => {
  expect(asCalledOn(said, {}, "desk")).toBe(said);
});

test("who set WS_ON and asked the agent itself is led to that one again, and what is no worker's name leads nowhere", () => {
  expect(asCalledOn("ws shell a", { WS_ON: "desk" }, "")).toBe("ws --on '' shell a");
  expect(asCalledOn("ws shell a", {}, "")).toBe("ws shell a");
  expect(asCalledOn("ws shell a", {}, "'; rm -rf ~")).toBe("ws shell a");
});

test("a hint, an error and its JSON lead to the worker that the call was for, and a refused token is not asked of it", () => {
  const hinted = createFakeIo(launcher);
  const context = createContext(hinted);
  context.on = "desk";
  context.hint("Next: ws shell far");
  expect(hinted.err()).toBe("Next: ./ws --on desk shell far\n");
  const told = (code: string, next: string, json = false): string => {
    const io = createFakeIo();
    printError(io, new CliError(code, "No.", { next }), json, "desk");
    return io.err();
  };
  expect(told("terminal_not_found", "See them: ws terminal list far.")).toContain("ws --on desk terminal list far.");
  expect(told("terminal_not_found", "ws list", true)).toContain('"next":"ws --on desk list"');
  expect(told("unauthorized", "Make another on the worker: ws token create NAME.")).toContain(": ws token create");
});

test("the next step of a command line is for the worker that it names", async () => {
  const io = createFakeIo({ WS_CONFIG_DIR: "/nonexistent" });
  await run(["--on", "desk", "policy", "get"], io);
  expect(io.err()).toContain("ws --on desk policy get NAME");
});
