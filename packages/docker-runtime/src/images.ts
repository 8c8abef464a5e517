import { join } from "node:path";

import type { Clock, Log, Report } from "@ws/workspace-core";

import { ensureBase } from "./base-image.ts";
import { buildImage } from "./build-image.ts";
import type { Engine } from "./engine.ts";
import { type ContextFile, contextTar, imageTag, readContext, textFile } from "./image-context.ts";
import { imageBuildFailed, imageNotFound } from "./image-errors.ts";
import type { Machine } from "./machine.ts";
import { pullImage } from "./pull-image.ts";
import { createSharedWork } from "./shared-work.ts";

export interface Images {
  /** The tag of the image that workspaces run on where they ask for no other; it need not exist yet. */
  standard(): Promise<string>;
  /** The tag of the image of workspaces that run Docker. */
  nested(): Promise<string>;
  /** The same for it as `ensure` is for others. */
  ensureNested(options: { report: Report; signal?: AbortSignal | undefined }): Promise<string>;
  /** Builds or pulls what is missing, once for all who ask at the same time. Resolves to what to create from. */
  ensure(image: string | undefined, options: { report: Report; signal?: AbortSignal | undefined }): Promise<string>;
}

export function createImages(options: {
  engine: Engine;
  machine: Machine;
  clock: Clock;
  log: Log;
  /** The folder with `workspace/Dockerfile` and `base/build-base.sh`. */
  directory: string;
  environment: Readonly<Record<string, string | undefined>>;
}): Images {
  const { engine, machine, clock, log, directory } = options;
  const shared = createSharedWork<string>();
  let sources: Promise<{ context: ContextFile[]; tag: string }> | undefined;

  async function readSources(): Promise<{ context: ContextFile[]; tag: string }> {
    const [context, base] = await Promise.all([
      readContext(join(directory, "workspace")),
      readContext(join(directory, "base")),
    ]);
    return { context, tag: imageTag(context, base) };
  }

  async function read(): Promise<{ context: ContextFile[]; tag: string }> {
    try {
      return await (sources ??= readSources());
    } catch (cause) {
      sources = undefined;
      throw imageBuildFailed("ws-workspace", {
        reason: `its description in ${directory} cannot be read: ${(cause as Error).message}`,
        next: "Install Workspace again: this folder is part of it.",
        cause,
      });
    }
  }

  async function exists(image: string, signal?: AbortSignal): Promise<boolean> {
    const found = await engine.attempt([404], (docker) => docker.getImage(image).inspect(), signal);
    return found.refused === undefined;
  }

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
    await buildImage({
      engine,
      log,
      context: () => contextTar(context),
      tag,
      report,
      signal,
      options: { buildargs: { ...buildArguments(options.environment), BASE: base } },
    });
    return tag;
  }

  /** Its tag stands also for what it is made upon. */
  async function nested(): Promise<{ context: ContextFile[]; tag: string; base: string }> {
    const { tag: base } = await read();
    const context = await readContext(join(directory, "nested"));
    return { context, base, tag: imageTag(context, [textFile("base", base)]).replace(":", "-docker:") };
  }

  async function buildNested(report: Report, signal: AbortSignal): Promise<string> {
    const { context, tag, base } = await nested();
    if (await exists(tag, signal)) return tag;
    const buildargs = { ...buildArguments(options.environment), BASE: base };
    await buildImage({ engine, log, context: () => contextTar(context), tag, report, signal, options: { buildargs } });
    return tag;
  }

  return {
    standard: async () => (await read()).tag,
    nested: async () => (await nested()).tag,
    async ensureNested({ report, signal }) {
      const { tag, base } = await nested();
      if (await exists(tag, signal)) return tag;
      if (!(await exists(base, signal))) await shared(base, build, { report, signal });
      return shared(tag, buildNested, { report, signal });
    },
    async ensure(image, { report, signal }) {
      if (image === undefined) {
        const { tag } = await read();
        if (await exists(tag, signal)) return tag;
        return shared(tag, build, { report, signal });
      }
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

function passedOn(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Record<string, string> {
  const entries = names.map((name) => [name, environment[name]] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
