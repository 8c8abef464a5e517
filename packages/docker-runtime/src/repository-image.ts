import { createHash } from "node:crypto";

import type { DockerfileSource, ImageRecipe, Log, Report } from "@ws/workspace-core";

import { buildImage } from "./build-image.ts";
import type { Engine } from "./engine.ts";
import { contextTar, textFile } from "./image-context.ts";
import { imageBuildFailed, imageNotFound } from "./image-errors.ts";
import { imageExists } from "./image-exists.ts";
import { judgedContext } from "./judged-context.ts";
import type { Images } from "./images.ts";
import type { BuildNetwork } from "./own-networks.ts";
import type { EngineInfo } from "./runtime-status.ts";
import { createSharedWork } from "./shared-work.ts";

export interface RepositoryImages {
  /** As `Runtime.image`. */
  make(recipe: ImageRecipe, options: { report: Report; signal: AbortSignal }): Promise<string>;
}

/** Images that repositories describe, each built once for all that its description and its files stand for. */
export function createRepositoryImages(options: {
  engine: Engine;
  images: Pick<Images, "ensure">;
  /** What is meant where no image is named; the worker's own where absent. */
  standard: string | undefined;
  network: BuildNetwork;
  log: Log;
}): RepositoryImages {
  const { engine, images, log } = options;
  const shared = createSharedWork<string>();

  /** The id of an image to begin with. What it would have the engine do in whatever is made of it is not ours to allow. */
  async function base(
    image: string | undefined,
    { report, signal }: { report: Report; signal: AbortSignal },
  ): Promise<string> {
    const name = await images.ensure(image, { report, signal });
    const found = await engine.attempt([404], (docker) => docker.getImage(name).inspect(), signal);
    if (found.refused !== undefined) throw imageNotFound(name, found.refused.message);
    const { Id: id, Config: config } = found.value;
    const triggers = (config as { OnBuild?: string[] | null }).OnBuild ?? [];
    if (triggers.length === 0) return id;
    throw imageBuildFailed(name, {
      reason: `it has instructions for what is built upon it (ONBUILD ${triggers[0]?.slice(0, 200)}), which the engine itself would carry out`,
      next: "Begin with an image that has none.",
    });
  }

  async function fromDockerfile(
    source: DockerfileSource,
    { report, signal }: { report: Report; signal: AbortSignal },
  ): Promise<string> {
    const bases: string[] = [];
    // One after the other: the next may be refused before it is pulled.
    for (const name of source.bases) bases.push(await base(name, { report, signal }));
    const { tree, dockerfile, target, args, network, limits } = source;
    const tag = tagOf([tree, dockerfile.path, target ?? "", args, network, bases]);
    if (await imageExists(engine, tag, signal)) return tag;
    return shared(
      tag,
      async (tell, both) => {
        const { MemTotal: memory } = await engine.call((docker) => docker.info() as Promise<EngineInfo>, both);
        await using way = network ? await options.network(both) : undefined;
        await buildImage({
          engine,
          log,
          tag,
          context: () => judgedContext(source.context(), dockerfile),
          options: {
            dockerfile: dockerfile.path,
            ...limitsOf(limits, memory),
            buildargs: { ...args },
            networkmode: way?.name ?? NO_NETWORK,
            ...(target === undefined ? {} : { target }),
          },
          report: tell,
          signal: both,
        });
        return tag;
      },
      { report, signal },
    );
  }

  return {
    async make({ from, user }, making) {
      const isBuilt = from !== undefined && "tree" in from;
      const begun = isBuilt ? await fromDockerfile(from, making) : (from?.image ?? options.standard);
      if (user === undefined) return images.ensure(begun, making);
      const under = await base(begun, making);
      const tag = tagOf([under, user]);
      if (await imageExists(engine, tag, making.signal)) return tag;
      const dockerfile = textFile("Dockerfile", `FROM ${under}\nUSER ${user}\n`);
      const build = async (report: Report, signal: AbortSignal): Promise<string> => {
        const options = { networkmode: NO_NETWORK };
        await buildImage({ engine, log, tag, context: () => contextTar([dockerfile]), options, report, signal });
        return tag;
      };
      return shared(tag, build, making);
    },
  };
}

const NO_NETWORK = "none";

/** Of each container that the build runs; where the workspace has no limit of memory, the machine keeps a quarter of its own. */
function limitsOf({ cpus, memoryBytes: asked }: DockerfileSource["limits"], ofMachine: number | undefined): object {
  const memoryBytes = asked ?? (ofMachine === undefined ? undefined : Math.floor(ofMachine * 0.75));
  return {
    ...(cpus !== undefined && { cpuperiod: 100_000, cpuquota: Math.round(cpus * 100_000) }),
    ...(memoryBytes !== undefined && { memory: memoryBytes, memswap: memoryBytes }),
  };
}

function tagOf(parts: readonly unknown[]): string {
  return `ws-devcontainer:${createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16)}`;
}
