import { describe, expect, test } from "vitest";

import { openExecBox } from "../exec-box.ts";
import { openBox } from "../open-box.ts";
import { openSshBox } from "../ssh-box.ts";
import { startBoxPlace } from "../testing/box-place.ts";
import { firstLine, output } from "../testing/output.ts";
import { docker } from "../testing/subject.ts";

describe("sshd in a container", () => {
  test("runs as root as well", async () => {
    await using place = await startBoxPlace({ user: "root" });
    await using box = await openSshBox(place.options());
    expect(box).toMatchObject({ user: "root", home: "/root", missing: [] });
    expect(await output(box, ["id", "-u"])).toBe("0\n");
    await box.files.write("/root/file", Buffer.from("x"));
    expect(await output(box, ["cat", "/root/file"])).toBe("x");
  });

  test("lets a user in whose password is locked with '*' or with '!'", async () => {
    await using place = await startBoxPlace();
    for (const password of ["*", "!"]) {
      await place.asRoot(`usermod -p '${password}' workspace`);
      await using box = await openBox(place.options());
      expect(await output(box, ["whoami"])).toBe("workspace\n");
    }
  });

  test("gives the image's environment to every program, as the image has it", async () => {
    const environment = [
      "PATH=/opt/own/bin:/usr/bin:/bin",
      "QUOTED=\"a\" 'b' \\ $HOME `id` #",
      "LINES_=first\nsecond",
      "EMPTY=",
      "not-for-a-shell=1",
    ];
    await using place = await startBoxPlace({ environment });
    for (const open of [openSshBox, openExecBox]) {
      await using box = await open(place.options());
      const seen = (await output(box, ["env", "-0"])).split("\0");
      for (const entry of environment.slice(0, -1)) expect(seen).toContain(entry);
      const pty = await box.openPty(["sh", "-c", 'echo "$PATH"'], { size: { cols: 200, rows: 24 } });
      expect((await firstLine(pty.output)).trim()).toBe("/opt/own/bin:/usr/bin:/bin");
    }
  });

  test("is not disturbed by what a user's startup files say", async () => {
    await using place = await startBoxPlace();
    const loud = "echo noise; echo noise >&2; cd /; export PATH=/nowhere; exit 9";
    await place.asRoot(`cd /home/workspace
      for file in .bashrc .bash_profile .profile .zshenv .ssh/rc .ssh/environment; do
        mkdir -p "$(dirname $file)"; echo '${loud}' >$file; chown -R workspace: $file
      done`);
    await using box = await openSshBox(place.options());
    const started = await box.run(["sh", "-c", "pwd; echo only >&2"]);
    const [out, err] = await Promise.all([collect(started.stdout), collect(started.stderr)]);
    expect({ out, err }).toEqual({ out: "/home/workspace\n", err: "only\n" });
    await box.files.write(`${box.home}/file`, Buffer.from("x"));
  });

  test("works with a shell that is no bash", async () => {
    await using place = await startBoxPlace();
    await place.asRoot("usermod -s /bin/sh workspace");
    await using box = await openSshBox(place.options());
    expect(await output(box, ["printf", "%s", "it's \\ \"\n$x"])).toBe("it's \\ \"\n$x");
  });

  test("makes files with the container's own umask", async () => {
    await using place = await startBoxPlace();
    await using box = await openSshBox(place.options());
    expect(await output(box, ["sh", "-c", "umask; : >file; mkdir d; stat -c %a file d"])).toBe("0022\n644\n755\n");
  });

  test("publishes no variable in the engine's events or its descriptions (CVE-2025-66411: secrets in logs)", async () => {
    await using place = await startBoxPlace();
    const canary = `canary-${crypto.randomUUID()}`;
    const since = Math.floor(Date.now() / 1_000) - 1;
    for (const open of [openSshBox, openExecBox]) {
      await using box = await open(place.options());
      await output(box, ["true"], { env: { SECRET: canary } });
      const pty = await box.openPty(["true"], { size: { cols: 80, rows: 24 }, env: { SECRET: canary } });
      await pty.exit;
    }
    const events = await docker.getEvents({
      since,
      until: Math.floor(Date.now() / 1_000) + 1,
      filters: { container: [place.container.id] },
    });
    const published = await collect(events as AsyncIterable<Buffer>);
    expect(published).toContain("exec_start");
    expect(published).not.toContain(canary);
    expect(JSON.stringify(await place.container.inspect())).not.toContain(canary);
  });

  test("listens on no port and leaves nothing behind when its Box closes", async () => {
    await using place = await startBoxPlace();
    const box = await openSshBox(place.options());
    await output(box, ["cat"], { stdin: (async function* () {})() });
    expect(await output(box, ["sh", "-c", "grep -c ' 0A ' /proc/net/tcp /proc/net/tcp6 || :"])).not.toMatch(/:[1-9]/);
    const left = (): Promise<string> =>
      output(watcher, ["sh", "-c", "ls -d /run/ws/box/ssh.* 2>/dev/null; ps -eo comm= | grep sshd || :"]);
    await using watcher = await openExecBox(place.options());
    expect((await left()).match(/ssh\./g)).toHaveLength(2);
    await box[Symbol.asyncDispose]();
    await expect.poll(left).toBe("");
  });

  test("does without the files it made, should somebody remove them", async () => {
    await using place = await startBoxPlace();
    await using box = await openSshBox(place.options());
    await output(box, ["sh", "-c", "rm -rf /run/ws/*"]);
    const sleeper = await box.run(["sleep", "1000"], { group: "one" });
    await box.endGroup("one");
    expect((await sleeper.exit).code).toBe(143);
    await using another = await openSshBox(place.options());
    expect(await output(another, ["whoami"])).toBe("workspace\n");
  });

  test("opens another SFTP session when its server is killed", async () => {
    await using place = await startBoxPlace();
    await using box = await openSshBox(place.options());
    const { files } = box;
    await files.stat("/");
    // internal-sftp is a child of sshd that has no name of its own: all children but ours.
    await output(box, ["sh", "-c", "for p in $(pgrep -P $PPID); do [ $p = $$ ] || kill -9 $p; done; :"]);
    await expect.poll(async () => (await files.stat("/").catch(() => undefined))?.type).toBe("directory");
  });

  test("reports a full disk and leaves nothing of what did not fit", async () => {
    await using place = await startBoxPlace({ host: { Tmpfs: { "/small": "size=1m,mode=1777" } } });
    for (const open of [openSshBox, openExecBox]) {
      await using box = await open(place.options());
      await expect(box.files.write("/small/file", Buffer.alloc(3_000_000))).rejects.toMatchObject({
        code: "disk_full",
      });
      expect(await box.files.list("/small")).toEqual([]);
    }
  });

  test("ends on request what sudo runs as root", async () => {
    await using place = await startBoxPlace();
    await using box = await openSshBox(place.options());
    const stop = new AbortController();
    const rooted = await box.run(["sudo", "-n", "sh", "-c", "echo $$; sleep 1000"], {
      signal: stop.signal,
      graceMs: 200,
    });
    const pid = await firstLine(rooted.stdout);
    stop.abort();
    await expect(rooted.exit).rejects.toMatchObject({ code: "aborted" });
    await expect
      .poll(() => output(box, ["sh", "-c", '[ -d "/proc/$1" ] && echo there || echo gone', "sh", pid]))
      .toBe("gone\n");
  });
});

async function collect(source: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
