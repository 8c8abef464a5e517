import { expect, test } from "vitest";
import { stateText } from "./worker-state.ts";

const desk = { id: "w1", name: "desk", added: "2026-11-01T00:00:00.000Z" };
const now = Date.parse("2026-11-22T10:00:00.000Z");
const lastSeen = "2026-11-22T09:57:00.000Z";

test("A worker is said to be there with what runs on it, or away with when it was seen", () => {
  expect(stateText({ ...desk, state: "online", lastSeen }, now)).toBe("Online");
  expect(stateText({ ...desk, state: "online", lastSeen, running: 2 }, now)).toBe("Online, 2 running");
  expect(stateText({ ...desk, state: "offline", lastSeen }, now)).toBe("Offline, seen 3 minutes ago");
  expect(stateText({ ...desk, state: "expected" }, now)).toBe("Not there yet");
  expect(stateText({ ...desk, state: "revoked", lastSeen }, now)).toBe("Token revoked, seen 3 minutes ago");
});
