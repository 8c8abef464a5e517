import { expect, test } from "vitest";
import { CliError, EXIT } from "../errors.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { followAgent } from "./follow-agent.ts";

const signal = new AbortController().signal;

function setup() {
  const hints: string[] = [];
  const agent = followAgent({ io: createFakeIo(), hint: (line) => hints.push(line) });
  return { hints, agent };
}

async function* events(...texts: string[]): AsyncGenerator<string> {
  yield* texts;
}

test("A loss is said once with its cause, and so is the return", async () => {
  const { hints, agent } = setup();
  using _agent = agent;
  let opened = 0;
  await agent.follow({
    open: async () => events(String((opened += 1))),
    onEvent: () => undefined,
    isOver: async () => opened === 3,
    signal,
  });
  expect(hints).toEqual([
    "The agent went away. Trying again; Enter tries at once, Ctrl-C ends.",
    "Connected again.",
    "The agent went away. Trying again; Enter tries at once, Ctrl-C ends.",
    "Connected again.",
  ]);
});

test.each([
  ["nobody answers", new CliError("agent_unreachable", "No agent runs on this machine.", { exit: EXIT.unavailable })],
  ["the socket is another user's", new CliError("permission_denied", "It is another's.", { exit: EXIT.denied })],
])("Where %s at first, that is the failure", async (_, error) => {
  const { hints, agent } = setup();
  using _agent = agent;
  const following = agent.follow({ open: () => Promise.reject(error), onEvent: () => undefined, signal });
  await expect(following).rejects.toBe(error);
  expect(hints).toEqual([]);
});

test("A socket that became another user's is not waited for", async () => {
  const { agent } = setup();
  using _agent = agent;
  const error = new CliError("permission_denied", "It is another's.", { exit: EXIT.denied });
  let opened = 0;
  const open = async () => ((opened += 1) === 1 ? events("a") : Promise.reject(error));
  await expect(agent.follow({ open, onEvent: () => undefined, signal })).rejects.toBe(error);
});
