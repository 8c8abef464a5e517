import { execFile } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Box, Pty } from "@ws/workspace-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pathsOf } from "./place.ts";
import { newSpec, started } from "./testing/lifecycle.ts";
import { createSubject, finish, recordOf, type LocalSubject } from "./testing/subject.ts";

describe("a sandbox", () => {
  let subject: LocalSubject;
  let box: Box;
  const spec = newSpec();

  beforeAll(async () => {
    subject = createSubject("bubblewrap");
    box = await started(subject.runtime, spec);
  });
  afterAll(async () => {
    await box[Symbol.asyncDispose]();
    await subject[Symbol.asyncDispose]();
  });
  const sh = (script: string) => finish(box, ["sh", "-c", script]);

  test("is said to be one, with what it does not separate", async () => {
    const { isolation, remarks } = await subject.runtime.status();
    expect(isolation).toBe("sandbox");
    expect(remarks.join("\n")).toMatch(/bubblewrap[\s\S]*network[\s\S]*not enforced/);
  });

  test("shows neither the user's home nor the worker's files nor other workspaces", async () => {
    await using other = await started(subject.runtime, newSpec());
    const secret = mkdtempSync(join(tmpdir(), "ws-secret-"));
    const elsewhere = [userInfo().homedir, secret, other.home, other.repositoryDirectory("x"), import.meta.dirname];
    for (const path of [...elsewhere, join(pathsOf(subject.directory, spec.id).state, "place.json")]) {
      expect([path, (await finish(box, ["ls", "-d", path])).code]).toEqual([path, 2]);
    }
    const seen = (await sh(`ls -A "${subject.directory}"`)).stdout.trim().split("\n").sort();
    expect(seen).toEqual([`.${spec.id}`, spec.id]);
    rmSync(secret, { recursive: true });
  });

  test("lets nothing of the system be changed, and nobody's secrets in it be read", async () => {
    const places = ["/usr", "/etc", "/bin", "/sys", "/sys/kernel", "/proc/sys/kernel/core_pattern", "/proc/mtrr"];
    const eyes = ["/proc/1/root/usr", "/proc/1/root/proc/sys/kernel/core_pattern", "/proc/1/root/etc/shadow"];
    // Asked only: a write that succeeded would change this machine.
    const writable = await sh(`for each in ${[...places, ...eyes].join(" ")}; do [ -w $each ] && echo $each; done`);
    expect(writable.stdout).toBe("");
    expect((await sh("cat /proc/kcore /proc/kmsg 2>/dev/null | head -c 1 | wc -c")).stdout.trim()).toBe("0");
    const { stdout } = await sh("cat /etc/shadow /etc/gshadow /etc/ssh/ssh_host_*_key /etc/ssl/private/* 2>/dev/null");
    expect(stdout).toBe("");
    expect((await sh("mount -t tmpfs none /mnt; mknod /tmp/disk b 254 0; chroot / true")).code).not.toBe(0);
  });

  test("shows only the processes of its workspace, to all of them", async () => {
    await using second = await subject.runtime.open(spec.id);
    const sleeper = await second.run(["sleep", "60"]);
    const { stdout } = await sh("ps -eo comm=");
    expect(stdout.split("\n").map((name) => name.trim())).toContain("sleep");
    expect(stdout).not.toMatch(/node|vitest|dockerd/);
    expect((await sh("pkill -f '^sleep 60$'")).code).toBe(0);
    expect((await sleeper.exit).code).toBe(143);
  });

  test("hands no descriptors on but the three", async () => {
    const { stdout } = await finish(box, ["sh", "-c", "ls /proc/$$/fd"]);
    expect(stdout.split("\n").filter((fd) => Number(fd) > 2 && Number(fd) < 10)).toEqual([]);
  });

  test("does not let variables reach the program that makes it (LD_PRELOAD)", async () => {
    const { stderr } = await finish(box, ["true"], { env: { LD_PRELOAD: "/nowhere.so" } });
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("outlives whatever its processes do to the ones that keep it", async () => {
    await sh("pkill -9 sleep; kill -9 1; kill -TERM 1");
    expect(await sh("echo still here")).toMatchObject({ code: 0, stdout: "still here\n" });
    await finish(box, ["sh", "-c", "kill -9 -1"]);
    expect(await sh("echo again")).toMatchObject({ code: 0, stdout: "again\n" });
    expect(await subject.runtime.find(spec.id)).toMatchObject({ power: "running" });
  });

  test("reaps what its processes leave behind", async () => {
    await sh("for i in 1 2 3 4 5; do (true &) ; done");
    await expect.poll(async () => (await sh("ps -eo stat= | grep -c Z")).stdout.trim()).toBe("0");
  });

  test("shares a directory for temporary files among its processes, and for files given from outside", async () => {
    await sh("mkdir -p /tmp/dir && echo inside >/tmp/dir/file");
    expect((await box.files.stat("/tmp/dir/file")).size).toBe(7);
    await box.files.write("/run/ws/note", new TextEncoder().encode("outside"));
    expect((await sh("cat /run/ws/note /var/tmp/dir/file")).stdout).toBe("outsideinside\n");
    await sh("ln -s /etc/passwd /tmp/dir/leak");
    const leak = box.files.read("/tmp/dir/leak")[Symbol.asyncIterator]();
    await expect(leak.next()).rejects.toMatchObject({ code: "permission_denied" });
  });

  test("gives a shell on a terminal its jobs, its interrupts and its size", async () => {
    const pty = await box.openPty(["bash", "--norc", "-i"], { size: { cols: 90, rows: 30 } });
    const screen = watch(pty);
    await pty.write(Buffer.from("stty size; sleep 50 & jobs; fg\n"));
    await screen.until("Running");
    await screen.until("30 90");
    await screen.until("sleep 50\r\n");
    await pty.write(Buffer.from("\u0003"));
    await pty.write(Buffer.from("echo code=$?; exit 3\n"));
    await screen.until("code=130");
    expect(await pty.exit).toEqual({ code: 3 });
    expect(screen.seen()).not.toMatch(/no job control|cannot set terminal/);
  });

  test("reaches what listens on the worker's loopback, as git does through the agent", async () => {
    await using server = await box.listen((channel) => {
      void channel.write(Buffer.from("hello")).then(() => channel.end());
    });
    const { stdout } = await finish(box, ["bash", "-c", `cat </dev/tcp/127.0.0.1/${server.port}`]);
    expect(stdout).toBe("hello");
  });

  test("once promised is never silently missing", async () => {
    const bare = subject.again({ sandbox: "auto", programs: "/nonexistent" });
    expect(await bare.status()).toMatchObject({ isolation: "none" });
    await expect(bare.open(spec.id)).rejects.toMatchObject({ code: "runtime_unavailable" });
    await using _box = await subject.again({ sandbox: "none" }).open(spec.id);
    const required = subject.again({ sandbox: "bubblewrap", programs: "/nonexistent" });
    await expect(required.status()).rejects.toMatchObject({ code: "runtime_unavailable" });
  });

  test("is told by its record, which processes inside cannot reach", async () => {
    const { holder, isolation } = recordOf(subject.directory, spec.id);
    expect(isolation).toBe("sandbox");
    expect(holder?.namespace).toMatch(/^pid:\[\d+\]$/);
    expect((await sh("readlink /proc/self/ns/pid")).stdout.trim()).toBe(holder?.namespace);
  });

  test.each(["start", "stop", "remove"] as const)(
    "is not taken for that of a place that ended, whose number the kernel gave it again (%s)",
    async (change) => {
      const ended = newSpec();
      await subject.runtime.create(ended);
      const sleeper = await box.run(["sleep", "1000"], { group: "work" });
      // As after a crash of the machine: what was its first process is none any more, and its namespace is this box's.
      const { holder: first } = recordOf(subject.directory, spec.id);
      const { holder: _none, ...record } = recordOf(subject.directory, ended.id);
      const holder = { pid: 2 ** 22 - 1, startTime: "1", namespace: first?.namespace };
      const { file } = pathsOf(subject.directory, ended.id);
      writeFileSync(file, JSON.stringify({ ...record, power: "running", holder }));
      const later = subject.again();
      if (change === "start") await later.start(ended);
      else await later[change](ended.id);
      expect(recordOf(subject.directory, spec.id).holder).toEqual(first);
      await sleeper.signal("SIGTERM");
      // By SIGTERM, and not by the SIGKILL that ends a place.
      expect((await sleeper.exit).code).toBe(128 + 15);
      await later.remove(ended.id);
    },
  );
});

describe("a worker that is an ordinary user", () => {
  const run = promisify(execFile);

  test.runIf(process.getuid?.() === 0)("has the same sandbox, in which everybody keeps his name", async () => {
    const directory = realpathSync(mkdtempSync(join(tmpdir(), "ws-user-")));
    const [uid, gid] = [65_534, 65_534];
    mkdirSync(join(directory, "workspaces"));
    writeFileSync(join(directory, "secret"), "secret", { mode: 0o600 });
    for (const path of ["", "workspaces", "secret"]) chownSync(join(directory, path), uid, gid);
    try {
      // Seen from a place that this user can enter: the checkout may lie where only root can.
      const root = fileURLToPath(new URL("../../..", import.meta.url));
      const seen = join(directory, "checkout");
      mkdirSync(seen);
      const inside = (path: string): string => join(seen, relative(root, path));
      const script = fileURLToPath(new URL("./testing/ordinary-user.ts", import.meta.url));
      const become = `mount --bind "$1" "$2" && shift 2 && exec setpriv --reuid=${uid} --regid=${gid} --clear-groups "$@"`;
      const program = [inside(process.execPath), "--conditions=source", inside(script), directory];
      const { stdout } = await run("unshare", ["--mount", "sh", "-c", become, "sh", root, seen, ...program], {
        cwd: directory,
        env: { PATH: "/usr/bin:/bin", HOME: directory },
      });
      expect(JSON.parse(stdout)).toEqual({
        isolation: "sandbox",
        id: "65534 65534 nobody",
        capabilities: "0000000000000000",
        secret: 2,
        shared: "from another entry\n",
        terminal: { code: 0, size: "30 90" },
        processes: [],
        afterStop: [],
      });
      expect(readFileSync(join(directory, "secret"), "utf8")).toBe("secret");
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

function watch(pty: Pty): { seen(): string; until(wanted: string): Promise<void> } {
  let seen = "";
  const reading = (async () => {
    for await (const part of pty.output) seen += Buffer.from(part).toString();
  })();
  reading.catch(() => undefined);
  return {
    seen: () => seen,
    until: async (wanted) => {
      await expect.poll(() => seen, { timeout: 10_000, interval: 20 }).toContain(wanted);
    },
  };
}
