import { WsError } from "@ws/workspace-core";
import { describe, expect, test } from "vitest";

import { engineError, engineMessage } from "./engine-errors.ts";

const failure = (code: string): Error => Object.assign(new Error(code), { code });
const refusal = (statusCode: number, message: string): Error =>
  Object.assign(new Error(`(HTTP code ${statusCode}) unexpected - ${message} `), { statusCode, json: { message } });

describe("a failed request to the engine", () => {
  test.each([
    [failure("ENOENT"), "engine_unreachable"],
    [failure("ECONNREFUSED"), "engine_unreachable"],
    [failure("EACCES"), "engine_unreachable"],
    [failure("ECONNRESET"), "engine_lost"],
    [failure("EPIPE"), "engine_lost"],
    [refusal(500, "write /var/lib/docker/x: no space left on device"), "disk_full"],
    [refusal(500, "something else"), "internal"],
    [new DOMException("left", "AbortError"), "aborted"],
    [new WsError("image_not_found", { message: "no", data: { image: "x" } }), "image_not_found"],
  ])("%s is %s", (error, code) => {
    expect(engineError(error, "/engine.sock").code).toBe(code);
  });

  test("says what to do where the user lacks the right", () => {
    expect(engineError(failure("EACCES"), "/engine.sock").next).toContain("docker group");
    expect(engineError(failure("ENOENT"), "/engine.sock").message).toContain("/engine.sock");
  });

  test("is told in the engine's own words", () => {
    expect(engineMessage(refusal(409, "name is in use"))).toBe("name is in use");
    const streamed = new Error("(HTTP code 500) server error - no such host ");
    expect(engineMessage(streamed)).toBe("no such host");
    expect(engineMessage("text")).toBe("text");
  });
});
