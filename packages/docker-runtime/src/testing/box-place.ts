import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import type { Box, WorkspaceId } from "@ws/workspace-core";
import type { BoxUnderTest, RunsPlace } from "@ws/workspace-core/testing";
import type Docker from "dockerode";

import { boxContainer } from "../box/container.ts";
import { createEngine } from "../engine.ts";
import { createImages } from "../images.ts";
import { thisMachine } from "../machine.ts";
import type { OpenBoxOptions } from "../ssh-box.ts";
import { firstLine } from "./output.ts";
import { address, docker, imageDirectory, silent, systemClock } from "./subject.ts";

export interface BoxPlace extends AsyncDisposable {
  container: Docker.Container;
  id: WorkspaceId;
  /** Everything to open a Box with, over this client or another. */
  options(client?: Docker): OpenBoxOptions;
  /** Runs a shell script as root, outside any Box. */
  asRoot(script: string): Promise<void>;
}

/** A container of the workspace image, as small as a Box needs it. */
export async function startBoxPlace(
  settings: { image?: string; user?: string; host?: Docker.HostConfig; environment?: string[] } = {},
): Promise<BoxPlace> {
  const id: WorkspaceId = `ws-${randomBytes(5).toString("hex")}`;
  const container = await docker.createContainer({
    Image: settings.image ?? (await workspaceImage()),
    Entrypoint: ["sleep"],
    Cmd: ["infinity"],
    Labels: { "ws.test": "box" },
    HostConfig: { Init: true, NetworkMode: "none", ...settings.host },
    ...(settings.user !== undefined && { User: settings.user }),
    ...(settings.environment !== undefined && { Env: settings.environment }),
  });
  await container.start();
  return {
    container,
    id,
    options: (client = docker) => ({
      container: boxContainer(client.getContainer(container.id)),
      id,
      clock: systemClock,
      log: silent,
    }),
    async asRoot(script) {
      const exec = await container.exec({
        Cmd: ["sh", "-ec", script],
        User: "root",
        AttachStdout: true,
        AttachStderr: true,
      });
      const stream = await exec.start({});
      const said: Buffer[] = [];
      for await (const chunk of stream) said.push(chunk as Buffer);
      const { ExitCode: code } = await exec.inspect();
      if (code !== 0) throw new Error(`'${script}' failed: ${Buffer.concat(said).toString()}`);
    },
    async [Symbol.asyncDispose]() {
      await container.remove({ force: true, v: true }).catch((error: { statusCode?: number }) => {
        if (error.statusCode !== 404) throw error;
      });
    },
  };
}

/** A place and a first Box into it, as the suite wants them. */
export async function boxUnderTest(
  place: Promise<BoxPlace>,
  open: (options: OpenBoxOptions) => Promise<Box>,
): Promise<BoxUnderTest> {
  return runsPlace(place, open);
}

/** The same, for what outlives its Boxes and not its container. */
export async function runsPlace(
  place: Promise<BoxPlace>,
  open: (options: OpenBoxOptions) => Promise<Box>,
): Promise<RunsPlace> {
  const started = await place;
  const box = await open(started.options());
  return {
    box,
    ...(process.env["WS_SOAK"] === undefined ? { reads: 2_000 } : { reads: 200_000, many: 30 }),
    reopen: () => open(started.options()),
    async restart() {
      await started.container.stop({ t: 0 });
      await started.container.start();
      return open(started.options());
    },
    async killAgent(ids, code) {
      const program = fileURLToPath(new URL("./runs-agent.ts", import.meta.url));
      const argv = ["--conditions=source", program, started.container.id, open.name, ids.join(" "), code];
      const agent = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
      const gone = once(agent, "exit");
      await firstLine(agent.stdout);
      agent.kill("SIGKILL");
      await gone;
    },
    async [Symbol.asyncDispose]() {
      await box[Symbol.asyncDispose]();
      await started[Symbol.asyncDispose]();
    },
  };
}

/** The image that workspaces run on, built where it is missing. */
export async function workspaceImage(): Promise<string> {
  const images = createImages({
    engine: createEngine({ address, clock: systemClock }),
    machine: thisMachine(),
    clock: systemClock,
    log: silent,
    directory: imageDirectory,
    environment: process.env,
  });
  return images.ensure(undefined, { report: () => undefined });
}
