import { throwIfAborted } from "../aborted.ts";
import { WsError } from "../errors.ts";
import type { Argv, Box, RunOptions } from "../ports.ts";
import { createFakeConfined } from "./fake-confined.ts";
import { createFakeFiles } from "./fake-files.ts";
import type { FakeHome } from "./fake-home.ts";
import { watchFake } from "./fake-watch.ts";
import { FAKE_PROGRAMS, startFakeProcess, type FakeProgram } from "./fake-process.ts";

/**
 * A Box without processes: programs are functions, files are entries of a map. Passes the plain part of the Boxes' suite;
 * what it cannot do it lists as missing.
 */
export function createFakeBox(home: FakeHome, ended: AbortSignal, programs: Record<string, FakeProgram> = {}): Box {
  const closing = new AbortController();
  const gone = AbortSignal.any([ended, closing.signal]);
  const closedError = (): WsError =>
    new WsError("box_closed", { message: `The channel into ${home.id} is closed.`, data: { workspace: home.id } });
  const closed = new Promise<WsError>((resolve) => {
    if (gone.aborted) resolve(closedError());
    gone.addEventListener("abort", () => resolve(closedError()), { once: true });
  });
  const missing = ["connect", "listen", "pty"] as const;
  const refuse = async (feature: (typeof missing)[number]): Promise<never> => {
    if (gone.aborted && feature !== "pty") throw closedError();
    throw new WsError("box_feature_missing", {
      message: `A fake Box has no '${feature}'.`,
      data: { feature, missing },
    });
  };
  const requireOpen = (): void => {
    if (gone.aborted) throw closedError();
  };
  const files = createFakeFiles(home, requireOpen);

  return {
    id: home.id,
    user: "workspace",
    home: "/home/workspace",
    missing,
    ...(home.objects === undefined ? {} : { objects: home.objects }),
    closed,
    files,
    within: (directory) => createFakeConfined(home, directory, requireOpen),
    watch: (directory, options = {}) => watchFake(home, directory, options, { signal: gone, error: closedError }),
    repositoryDirectory: (name) => `/home/workspace/${name}`,
    async run(argv, options = {}) {
      requireOpen();
      throwIfAborted(options.signal);
      requireFit(argv, options);
      if (options.cwd !== undefined) await files.list(options.cwd);
      const program =
        programs[argv[0]] ?? FAKE_PROGRAMS[argv[0]] ?? (home.files.has(argv[0]) ? programs["script"] : undefined);
      if (program === undefined) {
        throw new WsError("command_not_found", {
          message: `There is no command '${argv[0]}'.`,
          next: "Give the fake Box a program of this name.",
          data: { command: argv[0] },
        });
      }
      return startFakeProcess(program, argv, options, {
        closing: gone,
        closedError,
        onEndGroup: (end) => join(home, options.group, end),
      });
    },
    openPty: () => refuse("pty"),
    connect: () => refuse("connect"),
    listen: () => refuse("listen"),
    listenAt: () => refuse("listen"),
    async endGroup(group) {
      requireOpen();
      for (const end of home.groups.get(group) ?? []) end();
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
    },
  };
}

function join({ groups }: FakeHome, group: string | undefined, end: () => void): () => void {
  if (group === undefined) return () => undefined;
  const members = groups.get(group) ?? new Set();
  groups.set(group, members.add(end));
  return () => void members.delete(end);
}

/** What no program can be given. */
function requireFit(argv: Argv, { env = {} }: RunOptions): void {
  const unfit =
    argv.some((part) => part.includes("\0")) ||
    Object.entries(env).some(([name, value]) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || value.includes("\0"));
  if (!unfit) return;
  throw new WsError("invalid_input", {
    message: "An argument or a variable cannot be passed.",
    next: "Pass one that a program can be given.",
    data: { field: "argv" },
  });
}
