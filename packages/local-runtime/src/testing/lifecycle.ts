import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { chmod, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Box, PlaceSpec, Runtime, WorkspaceId } from "@ws/workspace-core";
import { describe, expect, test } from "vitest";
import { pathsOf } from "../place.ts";
import { listProcesses } from "../processes.ts";
import { createSubject, finish, newId, recordOf, type LocalSubject } from "./subject.ts";

/** What the local runtime does besides what every runtime does, with one isolation. */
export function lifecycle(sandbox: "bubblewrap" | "none"): void {
  describe(`a local place, sandbox: ${sandbox}`, () => {
    test("outlives its agent with everything that runs, and is ended by the next (SIGKILL)", async () => {
      await using subject = createSubject(sandbox);
      const spec = newSpec();
      const sleep = sleepers();
      const [background, daemon, terminal, foreground] = [sleep(), sleep(), sleep(), sleep()];
      const script = `
        ${background} >&- 2>&- &
        setsid -f env -i ${daemon} >&- 2>&-
        tmux new-session -d -s kept 'exec ${terminal}' && echo tmux
        echo done; exec ${foreground} >&-`;
      await runDoomed(subject, spec, sandbox, script);

      const runtime = subject.again();
      expect(await runtime.find(spec.id)).toMatchObject({ power: "running", name: "doomed" });
      await using box = await runtime.open(spec.id);
      expect((await finish(box, ["tmux", "list-sessions", "-F", "#S"])).stdout).toBe("kept\n");
      expect(await sleep.running(box)).toEqual([background, daemon, terminal, foreground]);
      await box.endGroup("work");
      expect(await sleep.running(box)).toEqual([daemon, terminal]);
      await runtime.stop(spec.id, { graceMs: 2_000 });
      expect(await runtime.find(spec.id)).toMatchObject({ power: "stopped" });
      await runtime.start(spec);
      await using next = await runtime.open(spec.id);
      // Without a sandbox, a process that left its session and dropped its environment cannot be told from any other.
      expect(await sleep.running(next)).toEqual(sandbox === "none" ? [daemon] : []);
      if (sandbox === "none") await finish(next, ["pkill", "-f", `^${daemon}$`]);
    });

    test("is stopped, running or removed after a kill at any moment, and nothing of it is left over", async () => {
      await using subject = createSubject(sandbox);
      const { directory, instance } = subject;
      const file = fileURLToPath(new URL("./busy-agent.ts", import.meta.url));
      for (let round = 0; round < 12; round += 1) {
        const orders = JSON.stringify({ instance, directory, sandbox });
        const agent = spawn(process.execPath, ["--conditions=source", file, orders], {
          stdio: ["ignore", "pipe", "inherit"],
        });
        const gone = new Promise((resolve) => agent.once("exit", resolve));
        await new Promise((resolve) => agent.stdout.once("data", resolve));
        // Spread over one lifecycle, which takes some 200 ms.
        await new Promise((resolve) => setTimeout(resolve, (round * 37) % 251));
        agent.kill("SIGKILL");
        await gone;

        const runtime = subject.again();
        for (const place of await runtime.list()) {
          if (place.power === "running") await expectAliveOrEnding(runtime, place.id);
          // Half of them go on, half of them are removed as they are.
          if (round % 2 === 0) {
            await runtime.create({ ...newSpec(), id: place.id });
            await runtime.start({ ...newSpec(), id: place.id });
          }
          await runtime.remove(place.id);
        }
        expect(readdirSync(directory).filter((name) => !name.startsWith(".probe-"))).toEqual([]);
        const left = () =>
          listProcesses().filter(({ pid }) => environmentOf(pid).includes(`WORKSPACE_PLACE=${directory}/`));
        // What was told to end may take a moment for it on a busy machine.
        await expect.poll(left).toEqual([]);
      }
    });

    test("ends on the next start what a stop that was cut off left running", async () => {
      await using subject = createSubject(sandbox);
      const spec = newSpec();
      const { runtime, directory } = subject;
      await using box = await started(runtime, spec);
      const sleep = sleepers();
      const sleeper = await box.run(["sh", "-c", `exec ${sleep()}`]);
      const record = recordOf(directory, spec.id);
      writeFileSync(pathsOf(directory, spec.id).file, JSON.stringify({ ...record, power: "stopped" }));
      const later = subject.again();
      expect(await later.find(spec.id)).toMatchObject({ power: "stopped" });
      await later.start(spec);
      expect((await sleeper.exit).code).toBeGreaterThan(128);
      await using next = await later.open(spec.id);
      expect(await sleep.running(next)).toEqual([]);
    });

    test("shows processes none of the agent's environment, and only what a clean one has", async () => {
      await using subject = createSubject(sandbox);
      const canary = crypto.randomUUID();
      process.env["AGENT_SECRET"] = canary;
      try {
        await using box = await started(subject.runtime, newSpec());
        const { stdout } = await finish(box, ["env"]);
        expect(stdout).not.toContain(canary);
        const names = stdout.split("\n").flatMap((line) => /^(\w+)=/.exec(line)?.[1] ?? []);
        const clean = ["HOME", "LANG", "LOGNAME", "PATH", "PWD", "SHELL", "TMPDIR", "USER", "XDG_RUNTIME_DIR"];
        expect(names.filter((name) => name !== "WORKSPACE_PLACE").sort()).toEqual(clean);
      } finally {
        delete process.env["AGENT_SECRET"];
      }
    });

    test("is the directory with its id, which is the repository, and its temporary directories are its own", async () => {
      await using subject = createSubject(sandbox);
      const spec = newSpec();
      await using box = await started(subject.runtime, spec);
      const { workspace } = pathsOf(subject.directory, spec.id);
      expect(box.repositoryDirectory("any")).toBe(workspace);
      expect(readdirSync(workspace)).toEqual([]);
      await finish(box, ["sh", "-c", 'echo x >file && echo t >"$TMPDIR/t" && echo r >"$XDG_RUNTIME_DIR/r"'], {
        cwd: workspace,
      });
      expect(readFileSync(join(workspace, "file"), "utf8")).toBe("x\n");
      const { stdout } = await finish(box, ["sh", "-c", 'echo "$TMPDIR"; echo "$XDG_RUNTIME_DIR"']);
      const [tmp = "", run = ""] = stdout.split("\n");
      expect((await box.files.list(tmp)).map(({ name }) => name)).toContain("t");
      expect((await box.files.list(run)).map(({ name }) => name)).toContain("r");
      await using other = await started(subject.runtime, newSpec());
      expect((await finish(other, ["sh", "-c", 'ls "$TMPDIR/t"'])).code).not.toBe(0);
    });

    test("is removed whole, whatever its processes left: links out, directories closed to writing, deep ones", async () => {
      await using subject = createSubject(sandbox);
      const spec = newSpec();
      const { runtime, directory } = subject;
      const precious = mkdtempSync(join(tmpdir(), "ws-precious-"));
      writeFileSync(join(precious, "file"), "precious");
      try {
        await using box = await started(runtime, spec);
        const { workspace, home } = pathsOf(directory, spec.id);
        symlinkSync(precious, join(workspace, "link"));
        symlinkSync(precious, join(home, ".ssh"));
        const hostile = `
          mkdir -p closed/inner && echo x >closed/inner/file && chmod 555 closed/inner closed && mkdir none && touch none/f && chmod 000 none
          i=0; while [ $i -lt 300 ]; do mkdir d && cd d && i=$((i + 1)); done; echo deep >file`;
        expect(await finish(box, ["sh", "-c", hostile], { cwd: workspace })).toMatchObject({ code: 0, stderr: "" });
        await runtime.remove(spec.id);
        expect(readdirSync(directory).filter((name) => name.includes(spec.id))).toEqual([]);
        expect(readFileSync(join(precious, "file"), "utf8")).toBe("precious");
      } finally {
        await rm(precious, { recursive: true });
      }
    });
  });
}

/** A place that was half made or half removed; the isolation makes no difference. */
export function halves(): void {
  describe("what a crash leaves of a place", () => {
    test("made of nothing but its state directory, it is listed, and created or removed again", async () => {
      await using subject = createSubject("none");
      const { runtime, directory } = subject;
      const [first, second] = [newSpec(), newSpec()];
      for (const { id } of [first, second]) mkdirSync(pathsOf(directory, id).state);
      const listed = new Map((await runtime.list()).map(({ id, power }) => [id, power]));
      expect(listed).toEqual(new Map([first, second].map(({ id }) => [id, "stopped"])));
      expect(await runtime.create(first)).toMatchObject({ name: first.name });
      await runtime.remove(second.id);
      expect((await runtime.list()).map(({ name }) => name)).toEqual([first.name]);
    });

    test("removed up to any step, it is removed by the next attempt", async () => {
      await using subject = createSubject("none");
      const { runtime, directory } = subject;
      const steps = ["workspace", "home", "tmp", "run", "groups", "log", "file"] as const;
      for (let done = 1; done <= steps.length; done += 1) {
        const spec = newSpec();
        await runtime.create(spec);
        const paths = pathsOf(directory, spec.id);
        for (const step of steps.slice(0, done)) rmSync(paths[step], { recursive: true, force: true });
        expect((await runtime.list()).map(({ id }) => id)).toEqual([spec.id]);
        await runtime.remove(spec.id);
        expect(readdirSync(directory)).toEqual([]);
      }
    });

    test("with a record that cannot be read it counts as half-made, and can be removed", async () => {
      await using subject = createSubject("none");
      const { runtime, directory } = subject;
      const spec = newSpec();
      await runtime.create(spec);
      writeFileSync(pathsOf(directory, spec.id).file, "{");
      expect(await runtime.find(spec.id)).toMatchObject({ id: spec.id, power: "stopped" });
      await runtime.remove(spec.id);
      expect(existsSync(pathsOf(directory, spec.id).state)).toBe(false);
    });

    test("with directories that are missing it starts whole", async () => {
      await using subject = createSubject("none");
      const { runtime, directory } = subject;
      const spec = newSpec();
      await runtime.create(spec);
      const { home, groups } = pathsOf(directory, spec.id);
      rmSync(home, { recursive: true });
      rmSync(groups, { recursive: true });
      await runtime.start(spec);
      await using box = await runtime.open(spec.id);
      expect((await finish(box, ["pwd"])).stdout).toBe(`${home}\n`);
    });

    test("an id that would lead elsewhere is none", async () => {
      await using subject = createSubject("none");
      for (const id of ["ws-../../etc", "ws-", "../ws-a", "ws-a/b", "ws-a\0"] as const) {
        await expect(subject.runtime.remove(id as `ws-${string}`)).rejects.toMatchObject({ code: "invalid_input" });
      }
    });

    test("a directory that cannot be written is said to be so", async () => {
      await using subject = createSubject("none");
      const file = join(subject.directory, "file");
      writeFileSync(file, "");
      await chmod(file, 0o400);
      const runtime = subject.again({ directory: join(file, "below") });
      await expect(runtime.prepare({ report: () => undefined })).rejects.toMatchObject({ code: "not_a_directory" });
    });
  });
}

export function newSpec(): PlaceSpec {
  const id = newId();
  return { id, name: `name-${id.slice(3)}`, profile: "person", limits: {} };
}

export async function started(runtime: Runtime, spec: PlaceSpec): Promise<Box> {
  await runtime.create(spec);
  await runtime.start(spec);
  return runtime.open(spec.id);
}

async function echoIn(runtime: Runtime, id: WorkspaceId): Promise<string> {
  await using box = await runtime.open(id);
  return (await finish(box, ["echo", "alive"])).stdout;
}

/** The kill may have come before the first process of a place was told to go on, which ends it a moment later. */
async function expectAliveOrEnding(runtime: Runtime, id: WorkspaceId): Promise<void> {
  const said = await echoIn(runtime, id).catch(() => undefined);
  if (said !== "alive\n") await expect.poll(async () => (await runtime.find(id))?.power).toBe("stopped");
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return "";
  }
}

/** Commands that sleep, each known by its own number, and which of them a place's processes can see. */
function sleepers(): (() => string) & { running(box: Box): Promise<string[]> } {
  const base = 100_000_000 + Math.floor(Math.random() * 899_999) * 1_000;
  const commands: string[] = [];
  const next = (): string => {
    const command = `sleep ${base + commands.length}`;
    commands.push(command);
    return command;
  };
  const running = async (box: Box): Promise<string[]> => {
    const { stdout } = await finish(box, ["ps", "-eo", "stat=,args="]);
    const seen = new Set(stdout.split("\n").map((line) => /^[^Z]\S*\s+(sleep \d+)$/.exec(line)?.[1]));
    return commands.filter((command) => seen.has(command));
  };
  return Object.assign(next, { running });
}

/** Starts an agent of its own for the script, and kills it when the script says that it is done. */
async function runDoomed(subject: LocalSubject, spec: PlaceSpec, sandbox: string, script: string): Promise<void> {
  const { instance, directory } = subject;
  const orders = JSON.stringify({ instance, directory, id: spec.id, sandbox, script });
  const file = fileURLToPath(new URL("./doomed-agent.ts", import.meta.url));
  const agent = spawn(process.execPath, ["--conditions=source", file, orders], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  for await (const part of agent.stdout) {
    said += String(part);
    if (said.includes("done\n")) break;
  }
  expect(said).toContain("tmux\n");
  const gone = new Promise((resolve) => agent.once("exit", resolve));
  agent.kill("SIGKILL");
  await gone;
}
