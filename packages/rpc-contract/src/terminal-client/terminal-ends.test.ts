import { CLOSE } from "../frames.ts";
import { expect, test } from "vitest";
import { createConnection } from "../connection/connection.ts";
import { addFailingLink } from "../testing/failing-link.ts";
import { manualTimers } from "../testing/index.ts";
import { fakeSockets } from "../testing/fake-sockets.ts";
import { attached, attachedSetup, frames, setup, text } from "../testing/with-terminal.ts";

test.each([
  [CLOSE.unauthorized, "unauthorized"],
  [CLOSE.forbidden, "forbidden"],
  [CLOSE.notFound, "not_found"],
  [CLOSE.notRunning, "not_running"],
  [CLOSE.protocol, "protocol"],
])("Close code %i stops the attempts and says why", (code, refusal) => {
  const { sockets, states, timers } = attachedSetup();
  sockets.last().drop(code);
  expect(states.at(-1)).toMatchObject({ kind: "refused", refusal });
  timers.advance(600_000);
  expect(sockets.all).toHaveLength(1);
});

test("What the server said before it refused is what a person reads", () => {
  const { sockets, states } = setup();
  sockets.last().accept();
  sockets.last().frame({ type: "error", code: "workspace_not_found", message: "No workspace 'x'.", next: "ws list" });
  sockets.last().drop(CLOSE.notFound);
  expect(states.at(-1)).toMatchObject({
    kind: "refused",
    problem: { code: "workspace_not_found", message: "No workspace 'x'.", next: "ws list" },
  });
});

test("An attempt that the agent could not serve says why, and the next follows", () => {
  const { sockets, states, timers } = setup();
  sockets.last().accept();
  sockets.last().frame({ type: "error", code: "engine_unreachable", message: "Docker does not answer." });
  sockets.last().drop(CLOSE.goingAway);
  expect(states).toMatchObject([{ kind: "connecting", problem: { code: "engine_unreachable" } }]);
  timers.advance(2000);
  expect(sockets.all).toHaveLength(2);
});

test("While it is away each attempt says why it did not succeed, and the keys that were not sent stay counted", () => {
  const { sockets, states, timers, connection } = attachedSetup();
  sockets.last().drop(1006);
  connection.send(text("a"));
  sockets.last().accept();
  sockets.last().frame({ type: "error", code: "engine_lost", message: "Docker went away." });
  sockets.last().drop(CLOSE.goingAway);
  expect(states.at(-1)).toMatchObject({ kind: "reconnecting", unsent: 1, problem: { code: "engine_lost" } });
  timers.advance(2000);
  expect(sockets.all).toHaveLength(3);
});

test("What failed for good, in the agent's own words, is not tried again", () => {
  const { sockets, states, timers } = attachedSetup();
  sockets.last().frame({ type: "error", code: "box_feature_missing", message: "It has no tmux." });
  sockets.last().drop(CLOSE.failed);
  const problem = { code: "box_feature_missing", message: "It has no tmux." };
  expect(states.at(-1)).toMatchObject({ kind: "refused", refusal: "failed", problem });
  timers.advance(60_000);
  expect(sockets.all).toHaveLength(1);
});

test("A screen that was promised and never came is asked for again", () => {
  const { sockets, screen, skipped, timers } = setup();
  sockets.last().accept();
  sockets.last().frame(attached(500));
  sockets.last().drop(1006);
  timers.advance(2000);
  sockets.last().accept();
  expect(frames(sockets.last(), "attach")).not.toMatchObject([{ since: 500 }]);
  sockets.last().frame(attached(600));
  sockets.last().frame({ type: "screen", offset: 600, skipped: 0 });
  sockets.last().bytes(text("painted"));
  expect({ content: screen.content, skipped }).toEqual({ content: "painted", skipped: [] });
});

test("A socket that can be ended at once is: a peer that is gone answers no farewell", () => {
  let ended = 0;
  const sockets = fakeSockets();
  const open = () => Object.assign(sockets.open(), { terminate: () => (ended += 1) });
  const { timers, connection } = setup({ open });
  sockets.last().accept();
  sockets.last().frame(attached(0));
  timers.advance(10_000);
  expect(ended).toBe(1);
  connection.close();
  expect(ended).toBe(2);
});

test("Once closed it takes nothing and says nothing", () => {
  const { sockets, connection, states } = attachedSetup();
  sockets.last().drop(1006);
  connection.close();
  const told = states.length;
  expect(connection.send(text("a"))).toBe(false);
  expect(states).toHaveLength(told);
});

test.each([CLOSE.goingAway, CLOSE.tooSlow, 1006, 1011])("Close code %i is a loss: it comes back", (code) => {
  const { sockets, timers } = attachedSetup();
  sockets.last().drop(code);
  timers.advance(2000);
  expect(sockets.all).toHaveLength(2);
});

test("The end of the program is the end of the connection, with its exit code and reason", () => {
  const { sockets, states, timers } = attachedSetup();
  sockets.last().frame({ type: "exit", code: 137, reason: "out_of_memory" });
  expect(states.at(-1)).toEqual({ kind: "ended", exitCode: 137, reason: "out_of_memory" });
  timers.advance(60_000);
  expect(sockets.all).toHaveLength(1);
  expect(timers.pending()).toBe(0);
});

test("Closing leaves neither socket nor timer", () => {
  const { sockets, timers, connection } = attachedSetup();
  connection.close();
  expect(sockets.last().closedWith()).toBe(CLOSE.normal);
  expect(timers.pending()).toBe(0);
  timers.advance(60_000);
  expect(sockets.all).toHaveLength(1);
});

test.each([
  ["revoked", "The token was revoked."],
  ["expired", "The token has expired."],
])("A token that is %s is told as that", (reason, message) => {
  const { sockets, states } = attachedSetup();
  sockets.last().drop(CLOSE.unauthorized, reason);
  expect(states.at(-1)).toMatchObject({ kind: "refused", refusal: "unauthorized", problem: { message } });
});

test("A token that the agent did not see in time is given again, and one that was never given is asked for", () => {
  const late = setup({ token: () => "wst_given" });
  late.sockets.last().accept();
  late.sockets.last().drop(CLOSE.unauthorized, "missing");
  expect(late.states.at(-1)).toMatchObject({ kind: "connecting" });
  late.connection.retryNow();
  expect(late.sockets.all).toHaveLength(2);
  const none = setup({});
  none.sockets.last().accept();
  none.sockets.last().drop(CLOSE.unauthorized, "missing");
  expect(none.states.at(-1)).toMatchObject({ kind: "refused", refusal: "unauthorized" });
});

test("Over a connection that it shares, it is lost and comes back with the others", () => {
  const timers = manualTimers();
  const connection = createConnection({ timers, random: () => 0.5 });
  const { sockets, states } = setup({ connection, timers });
  sockets.last().accept();
  sockets.last().frame(attached(0));
  expect(connection.state().kind).toBe("up");
  timers.advance(4_000);
  sockets.last().frame({ type: "pong" });
  expect(connection.heardAt()).toBe(4_000);
  timers.advance(9_000);
  expect(connection.state()).toMatchObject({ kind: "down", cause: "silent" });
  const tries = addFailingLink(connection);
  timers.advance(1_500);
  sockets.last().accept();
  sockets.last().frame(attached(0));
  expect(states.at(-1)?.kind).toBe("attached");
  const before = tries();
  timers.advance(300);
  expect(tries()).toBe(before + 1);
  connection.stop("revoked", { code: "unauthorized", message: "The token was revoked." });
  expect(states.at(-1)).toMatchObject({ kind: "refused", refusal: "unauthorized" });
});
