import { createByteQueue, WsError, type Pty, type WayIn } from "@ws/workspace-core";
import ssh2 from "ssh2";
import { expect, test } from "vitest";
import { KEYS, run, serveTestSsh as serve } from "../testing/ssh-server.ts";

test("a command has its input, both outputs, its exit code, and of the variables those that start no other program", async () => {
  const { logIn, audit } = await serve(async ({ argv, stdin, options }) => {
    let input = "";
    for await (const bytes of stdin) input += new TextDecoder().decode(bytes);
    return { stdout: `${argv.at(-1)} ${input} ${JSON.stringify(options.env)}`, stderr: "words", code: 7 };
  });
  const env = { LANG: "C.UTF-8", LC_ALL: "C", GIT_PROTOCOL: "version=2", LD_PRELOAD: "/x", PATH: "/x", BASH_ENV: "/x" };
  const ran = await run(await logIn(), "do it", { env }, "input");
  const passed = { LANG: "C.UTF-8", LC_ALL: "C", GIT_PROTOCOL: "version=2" };
  expect(ran).toEqual({ out: `do it input ${JSON.stringify(passed)}`, err: "words", code: 7, signal: undefined });
  expect(audit).toEqual([["do it", "ok", 7]]);
});

test("output of many windows arrives whole, before the exit", async () => {
  const { logIn } = await serve(async ({ print }) => {
    for (let piece = 0; piece < 128; piece += 1) await print(new Uint8Array(64 * 1024).fill(piece));
    return {};
  });
  const { out, code } = await run(await logIn(), "blast");
  expect([out.length, code]).toEqual([8 * 2 ** 20, 0]);
});

test.each([
  ["no key", {}],
  ["a password", { password: "x" }],
  ["another device's key", { privateKey: ssh2.utils.generateKeyPairSync("ed25519").private }],
  ["a password typed in answers", { tryKeyboard: true, password: "x" }],
])("with %s nobody is let in", async (_, options) => {
  const { logIn } = await serve(() => ({}));
  await expect(logIn(options)).rejects.toThrow("All configured authentication methods failed");
});

test("a key is only as good as its signature", async () => {
  const { logIn } = await serve(() => ({}));
  const forged = ssh2.utils.parseKey(KEYS.private) as ssh2.ParsedKey;
  forged.sign = () => Buffer.alloc(64, 1);
  await expect(logIn({ authHandler: [{ type: "publickey", username: "x", key: forged }] as never })).rejects.toThrow();
});

test("a signal is the command's, and so is its end by one", async () => {
  const { logIn } = await serve(async ({ trap, print }) => {
    const name = await new Promise<string>((resolve) => {
      trap(resolve);
      void print(new TextEncoder().encode("ready"));
    });
    return { stdout: ` ${name}`, code: 3 };
  });
  const client = await logIn();
  const ended = Promise.withResolvers<string>();
  client.exec("wait", (_error, channel) => {
    let out = "";
    channel.on("data", (chunk: Buffer) => {
      out += chunk.toString();
      if (out === "ready") channel.signal("INT");
    });
    channel.on("close", () => ended.resolve(out));
  });
  expect(await ended.promise).toBe("ready SIGINT");
  const { logIn: logInAgain } = await serve(
    ({ signal }) => new Promise((resolve) => signal.addEventListener("abort", () => resolve({}))),
  );
  const other = await logInAgain();
  const status = Promise.withResolvers<string | undefined>();
  other.exec("wait", (_error, channel) => {
    channel.on("exit", (_code: number | null, signal?: string) => status.resolve(signal));
    channel.signal("TERM");
    channel.resume();
  });
  expect(await status.promise).toBe("SIGTERM");
});

test("a client that goes away hangs its command up", async () => {
  const heard = Promise.withResolvers<string>();
  const { logIn } = await serve(async ({ trap, print }) => {
    trap(heard.resolve);
    await print(new TextEncoder().encode("ready"));
    await heard.promise;
    return {};
  });
  const client = await logIn();
  client.exec("wait", (_error, channel) => channel.once("data", () => client.destroy()));
  expect(await heard.promise).toBe("SIGHUP");
});

test("why nothing is run is said, and is no exit code of a command's", async () => {
  const enter = async (): Promise<never> => {
    throw new WsError("workspace_not_running", {
      message: "'demo' is not running.",
      data: { name: "demo", status: "stopped" },
    });
  };
  const { logIn, audit } = await serve(() => ({}), { enter });
  expect(await run(await logIn(), "x")).toMatchObject({
    err: "ws: 'demo' is not running. (workspace_not_running)\n",
    code: 255,
  });
  expect(audit).toEqual([["x", "workspace_not_running", undefined]]);
});

test("what cannot be written down is not run", async () => {
  let ran = false;
  const program = (): object => {
    ran = true;
    return {};
  };
  const begin = (): never => {
    throw new WsError("disk_full", {
      message: "The disk is full.",
      data: { path: "/", freeBytes: 0, neededBytes: 1 } as never,
    });
  };
  const { logIn } = await serve(program, { begin });
  expect(await run(await logIn(), "x")).toMatchObject({ err: "ws: The disk is full. (disk_full)\n", code: 255 });
  expect(ran).toBe(false);
});

test("sftp is the workspace's own; no other subsystem, X11 or socket of the place is served", async () => {
  const asked: string[] = [];
  const { logIn } = await serve(({ argv }) => {
    asked.push(argv.at(-1) ?? "");
    return {};
  });
  const client = await logIn();
  const subsystem = (name: string): Promise<Error | undefined> =>
    new Promise((resolve) => client.subsys(name, (error) => resolve(error)));
  expect(await subsystem("netconf")).toBeInstanceOf(Error);
  expect(await subsystem("sftp")).toBeUndefined();
  await expect.poll(() => asked[0]).toContain("sftp-server");
  await expect(run(client, "x", { x11: true })).rejects.toThrow();
  const local = await new Promise((resolve) => client.openssh_forwardOutStreamLocal("/run/docker.sock", resolve));
  expect(local).toBeInstanceOf(Error);
});

test("a terminal has the client's size and follows it, and what is typed", async () => {
  const output = createByteQueue();
  const exit = Promise.withResolvers<{ code: number }>();
  const done: unknown[] = [];
  const pty: Pty = {
    output: output.source,
    exit: exit.promise,
    async write(bytes) {
      done.push(Buffer.from(bytes).toString());
      output.push(Buffer.from("bye"));
      output.end();
      exit.resolve({ code: 5 });
    },
    resize: (size) => void done.push(size),
    close: () => undefined,
  };
  const openPty: WayIn["openPty"] = async (argv, options) => {
    done.push([argv.at(-1), options]);
    return pty;
  };
  const { logIn } = await serve(() => ({}), { openPty, directory: "/home/workspace/shop" });
  const client = await logIn();
  const over = Promise.withResolvers<unknown>();
  client.shell({ term: "xterm-kitty", cols: 120, rows: 40 }, (_error, channel) => {
    channel.on("exit", over.resolve);
    channel.resume();
    channel.setWindow(50, 130, 0, 0);
    channel.write("exit\r");
  });
  expect(await over.promise).toBe(5);
  const size = { cols: 120, rows: 40 };
  expect(done).toEqual([
    [expect.stringContaining("SHELL"), { size, env: { TERM: "xterm-kitty" }, cwd: "/home/workspace/shop" }],
    { cols: 130, rows: 50 },
    "exit\r",
  ]);
});
