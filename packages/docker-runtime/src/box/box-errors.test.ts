import { expect, test } from "vitest";

import { boxUnavailable } from "./box-errors.ts";

const refusal = (statusCode: number, message: string): Error =>
  Object.assign(new Error(`(HTTP code ${statusCode}) unexpected - ${message} `), { statusCode, json: { message } });

test("a container that ended meanwhile is named by its workspace, and the engine's frame around its words is left out", () => {
  const ended = refusal(409, "container 7f37c2 is not running");
  expect(boxUnavailable("ws-1", ended)).toMatchObject({
    code: "box_unavailable",
    message: "The container of ws-1 does not run.",
    next: "Start the workspace first.",
  });
  const paused = refusal(409, "Container 7f37c2 is paused, unpause the container before exec");
  expect(boxUnavailable("ws-1", paused).message).toBe(
    "The workspace could not be entered: Container 7f37c2 is paused, unpause the container before exec",
  );
  expect(boxUnavailable("ws-1", new Error("no shell")).message).toBe("The workspace could not be entered: no shell");
});
