import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { medianAtMost } from "../bars.ts";
import { output } from "../commands.ts";
import { timed } from "../harness.ts";
import { paths } from "../paths.ts";
import { NotAvailable } from "../not-available.ts";
import type { Row } from "../row.ts";

/** What a first run on a bare machine waits for: the base from Debian's packages, then the image upon it, nothing cached. */
export const image: Row = {
  name: "image",
  title: "image without a registry",
  onDemand: true,
  limitMs: 900_000,
  async measure({ peers, signal, cleanup, say }) {
    if (process.getuid?.() !== 0) throw new NotAvailable("debootstrap needs root");
    await peers.engine.require();
    const tag = createHash("sha256").update(randomBytes(16)).digest("hex").slice(0, 12);
    const [base, built] = [`ws-bench-base:${tag}`, `ws-bench-image:${tag}`];
    cleanup.defer(async () => {
      for (const name of [built, base]) await output("docker", ["rmi", name]).catch(() => undefined);
    });
    const ms = await timed(async () => {
      say("making the base …");
      await makeBase(base, signal);
      say("building the image …");
      await buildImage(base, built, signal);
    });
    return { unit: "s", ours: [ms / 1_000], bar: medianAtMost(240, "s") };
  },
};

async function makeBase(tag: string, signal: AbortSignal): Promise<void> {
  const script = spawn("sh", [join(paths.docker, "base/build-base.sh")], {
    stdio: ["ignore", "pipe", "ignore"],
    signal,
  });
  const load = spawn("docker", ["import", "-", tag], { stdio: ["pipe", "ignore", "inherit"], signal });
  const ended = Promise.all([once(script, "exit"), once(load, "exit")]);
  await pipeline(script.stdout, load.stdin, { signal });
  for (const [code] of await ended) if (code !== 0) throw new Error(`The base could not be made (${String(code)}).`);
}

async function buildImage(base: string, tag: string, signal: AbortSignal): Promise<void> {
  const registry = process.env["NPM_CONFIG_REGISTRY"] ?? process.env["npm_config_registry"];
  const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];
  const values = [
    `BASE=${base}`,
    ...(registry === undefined ? [] : [`NPM_REGISTRY=${registry}`]),
    // By name only: the client takes the value from its own environment.
    ...proxies.filter((name) => process.env[name] !== undefined),
  ];
  await output(
    "docker",
    [
      "build",
      "--no-cache",
      "--force-rm",
      "--quiet",
      "--tag",
      tag,
      ...values.flatMap((value) => ["--build-arg", value]),
      join(paths.docker, "workspace"),
    ],
    // The classic builder is what the agent uses through the API.
    { env: { ...process.env, DOCKER_BUILDKIT: "0" }, signal },
  );
}
