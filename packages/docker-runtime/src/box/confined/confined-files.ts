import {
  type Box,
  type Clock,
  confinedFault,
  type ConfinedFiles,
  confinedNames,
  type ConfinedOptions,
  type ConfinedStat,
  noConfinedFiles,
  orAborted,
  throwIfAborted,
} from "@ws/workspace-core";

import { change, type ChangeOptions } from "./change.ts";
import { parseEntry, parsePath, parseStat } from "./entries.ts";
import { createFileServerPool, lacksPerl, type Taken } from "./file-server-pool.ts";
import { nonsense } from "./nonsense.ts";
import { opened } from "./opened.ts";
import { openSession, type Session } from "./session.ts";

/** What moves in one answer, on the way of what a person waits for. */
const SMALL = 262_144;

/** The files below directories of a workspace, by file servers that run in it. */
export function createConfinedFiles(options: {
  run: Box["run"];
  clock: Pick<Clock, "sleep">;
}): (directory: string) => ConfinedFiles {
  const servers = createFileServerPool(options);

  async function take(traffic: "interactive" | "bulk", signal: AbortSignal | undefined): Promise<Taken> {
    const taking = servers.take(traffic);
    try {
      return await orAborted(taking, signal);
    } catch (error) {
      taking.then(
        (late) => late[Symbol.dispose](),
        () => undefined,
      );
      if (lacksPerl(error)) await noConfinedFiles("its image has no Perl", ["confined"]).stat("");
      throw error;
    }
  }

  return (directory) => {
    const root = directory.replace(/(?<=.)\/+$/, "");
    type Traffic = "interactive" | "bulk";

    async function session(path: string, { signal }: ConfinedOptions, traffic: Traffic, to?: string): Promise<Session> {
      throwIfAborted(signal);
      if (!root.startsWith("/") || root.includes("\0"))
        throw confinedFault("invalid_input", directory, "it is no absolute path");
      const about = { path, root, ...(to === undefined ? {} : { to }) };
      return openSession(await take(traffic, signal), about, signal);
    }

    const files: ConfinedFiles = {
      async stat(path, options = {}) {
        const names = namesOf(path);
        using asking = await session(path, options, "interactive");
        const [said] = await asking.ask(["stat", root, names, flag(options.follow)]);
        const stat = parseStat(said);
        options.permit?.(stat.path, stat);
        return stat;
      },

      async list(path, options = {}) {
        const names = namesOf(path);
        using asking = await session(path, options, "interactive");
        const said: Buffer[] = [];
        const [own] = await asking.ask(["list", root, names], (fields) => void said.push(...fields));
        const stat = parseStat(own);
        options.permit?.(stat.path, stat);
        const entries = said.map(parseEntry).sort((a, b) => (a.name < b.name ? -1 : 1));
        return { path: stat.path, entries };
      },

      async read(path, options = {}) {
        const names = namesOf(path);
        const { offset = 0, length = Infinity, permit } = options;
        const range = [String(offset), length === Infinity ? "" : String(length)];
        const quick = await session(path, options, "interactive");
        const first = await opened(quick, ["read", root, names, ...range, String(SMALL)], { length, permit });
        if (first !== "large") return first;
        const bulk = await session(path, options, "bulk");
        const large = await opened(bulk, ["read", root, names, ...range, ""], { length, permit });
        if (large === "large") throw nonsense("that it is large");
        return large;
      },

      async write(path, content, options = {}) {
        const names = namesOf(path);
        const { parents, expect = "", mode } = options;
        const isSmall = content instanceof Uint8Array && content.length <= SMALL;
        using asking = await session(path, options, isSmall ? "interactive" : "bulk");
        const request = ["write", root, names, flag(parents), expect, mode === undefined ? "" : String(mode)];
        const answer = await change(asking, request, { content, permits: forEntry(options) });
        const stat = parseStat(answer[1]);
        return { path: stat.path, created: isTrue(answer[0]), stat };
      },

      async mkdir(path, options = {}) {
        const names = namesOf(path);
        using asking = await session(path, options, "interactive");
        const [created, real] = await change(asking, ["mkdir", root, names], { permits: forEntry(options) });
        return { path: parsePath(real), created: isTrue(created) };
      },

      async rename(from, to, options = {}) {
        const [source, target] = [namesOf(from), namesOf(to)];
        using asking = await session(from, options, "interactive", to);
        const request = ["rename", root, source, target, flag(options.replace)];
        const [real] = await change(asking, request, { permits: forMove(options) });
        return { path: parsePath(real) };
      },

      async remove(path, options = {}) {
        const names = namesOf(path);
        using asking = await session(path, options, "interactive");
        const request = ["remove", root, names, flag(options.recursive)];
        const [removed, real] = await change(asking, request, { permits: forEntry(options) });
        return { path: parsePath(real), removed: isTrue(removed) };
      },
    };
    return files;
  };
}

/** About an entry, told by its path and what lies there, and all below it. */
function forEntry({ permit }: ConfinedOptions): ChangeOptions["permits"] {
  if (permit === undefined) return undefined;
  return ([real, there], below) => {
    permit(parsePath(real), optionalStat(there));
    for (const each of below.map(parseStat)) permit(each.path, each);
  };
}

/** About an entry and where it is to lie, and all below it in both places. */
function forMove({ permit }: ConfinedOptions): ChangeOptions["permits"] {
  if (permit === undefined) return undefined;
  return ([real, moved, there], below) => {
    const source = parseStat(moved);
    permit(source.path, source);
    permit(parsePath(real), optionalStat(there));
    for (const each of below.map(parseStat)) {
      permit(each.path, each);
      permit(parsePath(real) + each.path.slice(source.path.length), undefined);
    }
  };
}

function optionalStat(field: Buffer | undefined): ConfinedStat | undefined {
  return field === undefined || field.length === 0 ? undefined : parseStat(field);
}

function namesOf(path: string): string {
  return confinedNames(path).join("/");
}

function textOf(field: Buffer | undefined): string {
  return field?.toString("utf8") ?? "";
}

function flag(value: boolean | undefined): string {
  return value === true ? "1" : "";
}

function isTrue(field: Buffer | undefined): boolean {
  return textOf(field) === "1";
}
