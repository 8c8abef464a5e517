import {
  createFakeBox,
  createFakeGit,
  createFakeRuns,
  createFakeRuntime,
  type FakeGit,
  type FakeProgram,
  type FakeRunProgram,
  type FakeRuns,
} from "@ws/workspace-core/testing";
import { WsError, type Runtime } from "@ws/workspace-core";
import { createSystemClock } from "../system/clock.ts";
import { loadCredentials, type Adapters } from "../runtimes/adapters.ts";

/** `sh -c TEXT` in the words that the tests use. */
const sh: FakeProgram = async ({ argv, options, signal }) => {
  const text = argv[2] ?? "";
  if (text === "sleep") {
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  }
  if (text.startsWith("exit ")) return { code: Number(text.slice(5)) };
  if (text.startsWith("flood ")) return { stdout: "x".repeat(Number(text.slice(6))) };
  if (text.startsWith("env ")) return { stdout: options.env?.[text.slice(4)] ?? "" };
  return { stdout: `${text}\n`, stderr: "seen\n" };
};

/** The same as a run, which says its words and ends with the code that they name. */
const shRun: FakeRunProgram = async ({ request: { argv }, print, signal }) => {
  const text = argv[2] ?? "";
  print(`${text}\n`);
  if (text === "sleep") {
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  }
  return { code: text.startsWith("exit ") ? Number.parseInt(text.slice(5), 10) : 0 };
};

/** A worker in memory: the core and everything above it are real. */
export function createFakeAdapters({
  git = createFakeGit(),
  programs: further = {},
}: { git?: FakeGit; programs?: Record<string, FakeProgram> } = {}): Adapters & {
  docker: ReturnType<typeof createFakeRuntime>;
} {
  const programs = { sh, script: () => ({ stdout: "script ran\n" }), ...further };
  const docker = createFakeRuntime({
    now: () => Date.now(),
    openBox: (home, ended) => createFakeBox(home, ended, programs),
  });
  const twin = createFakeRuntime({
    now: () => Date.now(),
    openBox: (home, ended) => createFakeBox(home, ended, programs),
  });
  const local: Runtime = {
    ...twin,
    name: "local",
    status: async () => ({ runtime: "local", isolation: "none", version: "", remarks: ["no bubblewrap"] }),
  };
  const runs = new Map<string, FakeRuns>();
  const clock = createSystemClock();
  return {
    docker,
    runtime: { docker: async () => docker, local: async () => local },
    // The real ones: what they ask is on loopback, where a test says so.
    credentials: (ports) => loadCredentials(ports),
    git: async () => git,
    parseUrl: async (text) => git.parseUrl(text).url,
    forges: async () => [],
    egress: async () => ({ attach: async (_box, { port }) => ({ port, review: () => undefined }) }),
    async providers() {
      return [];
    },
    async openRuns({ id }) {
      const held = runs.get(id) ?? createFakeRuns({ clock, programs: { sh: shRun } });
      runs.set(id, held);
      return held;
    },
    async openTerminals() {
      throw new WsError("box_feature_missing", {
        message: "A fake Box has no terminals.",
        data: { feature: "pty", missing: ["pty"] },
      });
    },
  };
}
