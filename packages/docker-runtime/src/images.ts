import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Clock, Log, Report } from "@ws/workspace-core";

import { ensureBase } from "./base-image.ts";
import { buildImage } from "./build-image.ts";
import type { BuildNetwork } from "./own-networks.ts";
import type { Engine } from "./engine.ts";
import { type ContextFile, contextTar, imageTag, readContext, textFile } from "./image-context.ts";
import { imageBuildFailed, imageNotFound } from "./image-errors.ts";
import { imageExists } from "./image-exists.ts";
import type { Machine } from "./machine.ts";
import { pullImage } from "./pull-image.ts";
import { createSharedWork } from "./shared-work.ts";

export interface Images {
  /** The tag of the image that workspaces run on where they ask for no other; it need not exist yet. */
  standard(): Promise<string>;
  /** The tag of the image of workspaces that run Docker. */
  nested(): Promise<string>;
  /** The same for it as `ensure` is for others. */
  ensureNested(caller: Caller): Promise<string>;
  /** Builds or pulls what is missing, once for all who ask at the same time. Resolves to what to create from. */
  ensure(image: string | undefined, caller: Caller): Promise<string>;
}

interface Caller {
  report: Report;
  signal?: AbortSignal | undefined;
}

/** An image of ours, and the one that it is made upon, where that is ours, too. */
interface Layer {
  tag: string;
  under?: Layer;
  build: (report: Report, signal: AbortSignal) => Promise<string>;
}

export function createImages(options: {
  engine: Engine;
  machine: Machine;
  clock: Clock;
  log: Log;
  /** The folder with `workspace/Dockerfile` and `base/build-base.sh`. */
  directory: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** Packages of npm, with their versions, that the standard image has beside what its description says. */
  preinstall?: readonly string[] | undefined;
  /** For what strangers wrote and a build runs; the engine's own where there is none. */
  network?: BuildNetwork;
}): Images {
  const { engine, machine, clock, log, directory } = options;
  const preinstall = [...new Set(options.preinstall)].sort();
  const shared = createSharedWork<string>();
  let sources: Promise<{ context: ContextFile[]; tag: string }> | undefined;

  async function readSources(): Promise<{ context: ContextFile[]; tag: string }> {
    const [context, base] = await described(["workspace", "base"]);
    return { context, tag: imageTag(context, base) };
  }

  /** The files of these folders. */
  async function described<F extends readonly string[]>(
    folders: readonly [...F],
  ): Promise<{ [K in keyof F]: ContextFile[] }> {
    try {
      const read = await Promise.all(folders.map((folder) => readContext(join(directory, folder))));
      return read as { [K in keyof F]: ContextFile[] };
    } catch (cause) {
      throw imageBuildFailed("ws-workspace", {
        reason: `its description in ${directory} cannot be read: ${(cause as Error).message}`,
        next: "Install Workspace again: this folder is part of it.",
        cause,
      });
    }
  }

  async function read(): Promise<{ context: ContextFile[]; tag: string }> {
    try {
      return await (sources ??= readSources());
    } catch (error) {
      sources = undefined;
      throw error;
    }
  }

  const exists = (image: string, signal?: AbortSignal): Promise<boolean> => imageExists(engine, image, signal);

  async function build(report: Report, signal: AbortSignal): Promise<string> {
    const { context, tag } = await read();
    // Another agent on this engine may have built it since we looked.
    if (await exists(tag, signal)) return tag;
    const base = await ensureBase({
      engine,
      machine,
      clock,
      log,
      report,
      signal,
      script: join(directory, "base", "build-base.sh"),
      environment: { ...passedOn(options.environment, SCRIPT_VARIABLES), ...passedOn(options.environment, PROXIES) },
    });
    return made(tag, context, { BASE: base }, { report, signal });
  }

  /** Builds an image of these files. */
  async function made(
    tag: string,
    files: readonly ContextFile[],
    given: Readonly<Record<string, string>>,
    { report, signal, network }: { report: Report; signal: AbortSignal; network?: string | undefined },
  ): Promise<string> {
    const buildargs = { ...buildArguments(options.environment), ...given };
    await buildImage({
      engine,
      log,
      context: () => contextTar(files),
      tag,
      report,
      signal,
      options: { buildargs, ...(network !== undefined && { networkmode: network }) },
    });
    return tag;
  }

  /** Another image upon one of ours; its tag stands also for that one, and for what it is made with. */
  async function layer(name: "agents" | "docker", base: Layer): Promise<Layer> {
    const [folder] = await described([name === "agents" ? "agents" : "nested"]);
    const given = { BASE: base.tag, ...(name === "agents" && { PACKAGES: preinstall.join(" ") }) };
    const tag = imageTag(folder, [textFile("arguments", JSON.stringify(given))]).replace(":", `-${name}:`);
    async function build(report: Report, signal: AbortSignal): Promise<string> {
      if (await exists(tag, signal)) return tag;
      // Not part of the tag: it only says whom to believe while it is built.
      const context = name === "agents" ? [...folder, await authorities(options.environment)] : folder;
      // Packages bring scripts of their own, which reach no more here than where a workspace installs them.
      await using way = name === "agents" ? await options.network?.(signal) : undefined;
      return await made(tag, context, given, { report, signal, network: way?.name });
    }
    return { tag, under: base, build };
  }

  async function standard(): Promise<Layer> {
    const { tag } = await read();
    const plain = { tag, build };
    return preinstall.length === 0 ? plain : layer("agents", plain);
  }

  async function nested(): Promise<Layer> {
    return layer("docker", await standard());
  }

  async function ensureLayer({ tag, under, build: make }: Layer, caller: Caller): Promise<string> {
    if (await exists(tag, caller.signal)) return tag;
    if (under !== undefined) await ensureLayer(under, caller);
    return shared(tag, make, caller);
  }

  return {
    standard: async () => (await standard()).tag,
    nested: async () => (await nested()).tag,
    ensureNested: async (caller) => ensureLayer(await nested(), caller),
    async ensure(image, { report, signal }) {
      if (image === undefined) return ensureLayer(await standard(), { report, signal });
      if (!IMAGE_NAME.test(image)) throw imageNotFound(image, "that is not a legal image name");
      if (await exists(image, signal)) return image;
      const pull = async (tell: Report, both: AbortSignal): Promise<string> => {
        await pullImage({ engine, clock, image, patienceMs: PULL_PATIENCE_MS, report: tell, signal: both });
        return image;
      };
      return shared(image, pull, { report, signal });
    },
  };
}

/** The engine itself gives a silent registry fifteen seconds and tries more than once. */
const PULL_PATIENCE_MS = 90_000;
/** Becomes part of a request's path: two dots, a space or a question mark would lead elsewhere. */
const IMAGE_NAME = /^[a-z0-9]+(?:(?:[._/:]|__|-+)[a-z0-9]+)*(?::[\w][\w.-]*)?(?:@sha256:[0-9a-f]{64})?$/i;
const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "NO_PROXY"].flatMap((name) => [
  name,
  name.toLowerCase(),
]);
const SCRIPT_VARIABLES = ["PATH", "TMPDIR", "DEBIAN_MIRROR", "DEBIAN_SECURITY_MIRROR"];

/** What of the agent's environment reaches a build: proxies, which the engine keeps out of the image, and the npm registry. */
export function buildArguments(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const registry = environment["NPM_CONFIG_REGISTRY"] ?? environment["npm_config_registry"];
  return { ...passedOn(environment, PROXIES), ...(registry !== undefined && { NPM_REGISTRY: registry }) };
}

/** Whom this agent believes beside the usual authorities: npm in the build has to, where it is led through somebody's proxy. */
async function authorities(environment: Readonly<Record<string, string | undefined>>): Promise<ContextFile> {
  const file = environment["NODE_EXTRA_CA_CERTS"];
  const text = file === undefined || file === "" ? "" : await readFile(file, "utf8").catch(() => "");
  return textFile("authorities.pem", text);
}

function passedOn(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Record<string, string> {
  const entries = names.map((name) => [name, environment[name]] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
