import { createManualClock } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";

import { createEndings } from "./endings.ts";
import type { Engine } from "./engine.ts";
import { type EngineMessage, translate } from "./events.ts";
import { workspaceLabels } from "./labels.ts";

/** An engine that knows one container, or none. */
function sources(state: { Running: boolean; ExitCode: number; OOMKilled: boolean } | undefined) {
  const clock = createManualClock();
  const answer = state === undefined ? { refused: { status: 404, message: "gone" } } : { value: { State: state } };
  const engine = { attempt: async () => answer } as unknown as Engine;
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  return { engine, instance: "mine", clock, log, endings: createEndings(clock) };
}

function message(Action: string, attributes: Record<string, string> = {}, instance = "mine"): EngineMessage {
  return { Action, Actor: { ID: "c", Attributes: { ...workspaceLabels(instance, "ws-1"), ...attributes } } };
}

const signal = new AbortController().signal;
const stopped = { Running: false, ExitCode: 3, OOMKilled: false };

describe("an engine's message", () => {
  test("of an end is an exit with its code", async () => {
    const event = await translate(sources(stopped), message("die", { exitCode: "3" }), signal);
    expect(event).toEqual({ type: "exited", id: "ws-1", exit: { code: 3, oom: false } });
  });

  test("of an end that was asked for is no news", async () => {
    const asked = sources(stopped);
    asked.endings.expect("c");
    expect(await translate(asked, message("die", { exitCode: "143" }), signal)).toBeUndefined();
  });

  test("of an end that came before a start is over", async () => {
    const running = { ...stopped, Running: true };
    expect(await translate(sources(running), message("die", { exitCode: "0" }), signal)).toBeUndefined();
  });

  test("of the end of a container that somebody removed is an exit all the same", async () => {
    const event = await translate(sources(undefined), message("die", { exitCode: "137" }), signal);
    expect(event).toEqual({ type: "exited", id: "ws-1", exit: { code: 137, oom: false } });
  });

  test("that memory ran out explains the end that follows, also where the engine's flag does not say so", async () => {
    const known = sources({ ...stopped, ExitCode: 137 });
    expect(await translate(known, message("oom"), signal)).toBeUndefined();
    const event = await translate(known, message("die", { exitCode: "137" }), signal);
    expect(event).toEqual({ type: "exited", id: "ws-1", exit: { code: 137, oom: true } });
  });

  test("of another instance, or of something else, is nobody's", async () => {
    expect(await translate(sources(stopped), message("die", {}, "theirs"), signal)).toBeUndefined();
    expect(await translate(sources(stopped), message("start"), signal)).toBeUndefined();
    expect(await translate(sources(stopped), { Action: "die" }, signal)).toBeUndefined();
  });
});
