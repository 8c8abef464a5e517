import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { excerpt, WsError } from "@ws/workspace-core";
import { expandHome } from "../paths.ts";
import type { Config } from "./config.ts";
import { writeDurable } from "./durable-file.ts";
import { MOST_BYTES, problemOfScript, readScript } from "./read-script.ts";

/** A script of the worker's, as far as it is shown. */
export interface ScriptFile {
  /** As the settings name it. */
  script: string;
  /** Of one in the worker's own directory of scripts, which alone can be read and written. */
  name?: string;
  /** Whether it runs in workspaces. */
  runs: boolean;
  /** Why it cannot. */
  problem?: string;
}

export interface ScriptText {
  name: string;
  content: string;
  /** Another one whenever the content is. */
  revision: string;
}

/** The worker's scripts; what is written lies in its own directory of them and nowhere else, so that no program of this machine is changed. */
export interface ScriptFiles {
  directory: string;
  /** Those that run in workspaces, in their order, then what else lies in the directory. */
  list(): Promise<ScriptFile[]>;
  /** Throws `invalid_input`, `file_not_found`, `not_a_regular_file`, `file_too_large`, `binary_file`. */
  read(name: string): Promise<ScriptText>;
  /**
   * `expect` is the revision that is replaced; a new one has none. Throws `invalid_input` for what cannot be run too, `file_changed`,
   * `file_exists`, `disk_full`.
   */
  write(script: { name: string; content: string; expect?: string | undefined }): Promise<ScriptText>;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

export function createScriptFiles(
  directory: string,
  config: Pick<Config, "get">,
  env: Readonly<Record<string, string | undefined>>,
): ScriptFiles {
  async function read(name: string): Promise<ScriptText> {
    const found = await textOf(directory, name);
    if (found !== undefined) return found;
    throw new WsError("file_not_found", {
      message: `There is no script '${name}' in ${directory}.`,
      next: "See those that are there: ws config get scripts.post_start.",
      data: { path: name },
    });
  }

  async function describe(script: string): Promise<ScriptFile> {
    const path = resolve(expandHome(script, env));
    const own = dirname(path) === directory && NAME.test(basename(path)) ? { name: basename(path) } : {};
    const found = await readScript(path);
    const problem =
      found === undefined ? `There is no script ${path}.` : "problem" in found ? found.problem : undefined;
    return { script, ...own, runs: true, ...(problem === undefined ? {} : { problem }) };
  }

  let writing: Promise<unknown> = Promise.resolve();

  async function write({ name, content, expect }: Parameters<ScriptFiles["write"]>[0]): Promise<ScriptText> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const present = await textOf(directory, name);
    if (present?.revision !== expect) throw inTheWay(name, present, expect);
    writeDurable(join(directory, name), content);
    return { name, content, revision: revisionOf(Buffer.from(content)) };
  }

  return {
    directory,
    async list() {
      const set = config.get("scripts.post_start");
      const running = await Promise.all((typeof set === "string" ? [set] : set).map(describe));
      const known = new Set(running.map(({ name }) => name));
      const others = (await entriesOf(directory)).filter((name) => NAME.test(name) && !known.has(name));
      return [...running, ...others.map((name) => ({ script: join(directory, name), name, runs: false }))];
    },
    read,
    async write(script) {
      const problem = problemOfScript(`'${requireName(script.name)}'`, Buffer.from(script.content));
      if (problem !== undefined) throw unfit("content", problem);
      // One at a time: what was looked at is what is written over.
      const written = writing.then(() => write(script));
      writing = written.catch(() => undefined);
      return written;
    },
  };
}

async function textOf(directory: string, name: string): Promise<ScriptText | undefined> {
  const path = join(directory, requireName(name));
  try {
    // No link: it could lead to any program of this machine. And opening a pipe must not wait for whoever would write into it.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    const { size, ...found } = await file.stat().then((stat) => ({ size: stat.size, isFile: stat.isFile() }));
    if (!found.isFile) throw notAFile(name);
    if (size > MOST_BYTES) {
      throw new WsError("file_too_large", {
        message: `The script '${name}' is larger than 1 MiB.`,
        next: "Edit it on the worker.",
        data: { path: name, size, limit: MOST_BYTES },
      });
    }
    const content = await file.readFile();
    const text = content.toString();
    if (!Buffer.from(text).equals(content)) {
      throw new WsError("binary_file", {
        message: `The script '${name}' is no text in UTF-8.`,
        next: "Edit it on the worker.",
        data: { path: name, size },
      });
    }
    return { name, content: text, revision: revisionOf(content) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code === "ELOOP") throw notAFile(name);
    throw error;
  }
}

async function entriesOf(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function revisionOf(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 32);
}

function requireName(name: string): string {
  if (NAME.test(name)) return name;
  throw unfit("name", `'${excerpt(name)}' cannot be the name of a script: use letters, digits, dots and dashes.`);
}

function notAFile(name: string): WsError {
  return new WsError("not_a_regular_file", {
    message: `The script '${name}' is no plain file.`,
    next: "Edit what it leads to on the worker.",
    data: { path: name },
  });
}

function inTheWay(name: string, present: ScriptText | undefined, expect: string | undefined): WsError {
  if (expect === undefined) {
    return new WsError("file_exists", {
      message: `There is a script '${name}' already.`,
      next: "Open that one, or give this one another name.",
      data: { path: name },
    });
  }
  return new WsError("file_changed", {
    message: `The script '${name}' was ${present === undefined ? "removed" : "changed"} since it was read.`,
    next: "Read it again and repeat the change on that.",
    data: { path: name },
  });
}

function unfit(field: string, message: string): WsError {
  return new WsError("invalid_input", { message, next: "Change it and try again.", data: { field } });
}
