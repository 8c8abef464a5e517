import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream";
import { type Box, type BoxFeature, type ByteChannel, WsError } from "@ws/workspace-core";

/**
 * A Box that is a temporary home and processes of this user, enough for git; so the tests here need no engine. The
 * adapters' own Boxes are tested against their suite and, with git, end to end.
 */
export async function openStandInBox(
  options: { missing?: readonly BoxFeature[]; objects?: string } = {},
): Promise<Box> {
  const home = await mkdtemp(join(tmpdir(), "ws-stand-in-"));
  const groups = new Map<string, Set<number>>();
  const closed = Promise.withResolvers<WsError>();
  const opened = new AsyncDisposableStack();
  opened.defer(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  const unused = (): never => {
    throw new WsError("box_feature_missing", { message: "Not here.", data: { feature: "pty", missing: ["pty"] } });
  };

  return {
    id: "ws-standin",
    user: "tester",
    home,
    missing: options.missing ?? [],
    ...(options.objects === undefined ? {} : { objects: options.objects }),
    closed: closed.promise,
    repositoryDirectory: (name) => join(home, name),
    async run([command, ...args], { cwd = home, env = {}, stdin, signal, group } = {}) {
      const base = { PATH: process.env["PATH"], HOME: home, GIT_CONFIG_NOSYSTEM: "1" };
      const child = spawn(command, args, { cwd, env: { ...base, ...env }, detached: true });
      await once(child, "spawn");
      const pid = child.pid ?? 0;
      const members = groups.get(group ?? "") ?? new Set();
      groups.set(group ?? "", members.add(pid));
      const abort = (): void => killGroup(pid);
      signal?.addEventListener("abort", abort);
      child.stdin.on("error", () => undefined);
      if (stdin === undefined || stdin instanceof Uint8Array) child.stdin.end(stdin);
      else pipeline(stdin, child.stdin, () => undefined);
      const exit = (once(child, "close") as Promise<[number | null, string | null]>).then(
        ([code, name]: [number | null, string | null]) => {
          members.delete(pid);
          signal?.throwIfAborted();
          return { code: code ?? 143, ...(name === null ? {} : { signal: name }) };
        },
      );
      exit.catch(() => undefined);
      return { stdout: child.stdout, stderr: child.stderr, exit, signal: async (name) => void child.kill(name) };
    },
    openPty: unused,
    connect: unused,
    within: unused,
    watch: unused,
    files: {
      async stat(path) {
        const found = await stat(path).catch(absent(path));
        const type = found.isDirectory() ? "directory" : "file";
        return { type, size: found.size, mode: found.mode & 0o777, modifiedAt: found.mtimeMs };
      },
      async list(path) {
        const names = await readdir(path);
        return Promise.all(names.map(async (name) => ({ name, ...(await this.stat(join(path, name))) })));
      },
      async *read(path) {
        await using file = await open(path).catch(absent(path));
        yield* file.createReadStream({ autoClose: false });
      },
      async write(path, content, { mode = 0o644 } = {}) {
        const temporary = `${path}.${crypto.randomUUID()}`;
        await writeFile(temporary, content as Uint8Array, { mode });
        await rename(temporary, path);
      },
      mkdir: async (path) => void (await mkdir(path, { recursive: true })),
      rename,
      remove: (path) => rm(path, { recursive: true, force: true }),
    },
    async listen(accept, { port = 0 } = {}) {
      const sockets = new Set<Socket>();
      const server = createServer({ noDelay: true }, (socket) => {
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
        socket.on("error", () => undefined);
        accept(asChannel(socket));
      });
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
      const close = async (): Promise<void> => {
        server.close();
        for (const socket of sockets) socket.destroy();
      };
      opened.defer(close);
      return { port: (server.address() as AddressInfo).port, [Symbol.asyncDispose]: close };
    },
    async listenAt(path, accept) {
      await rm(path, { force: true });
      const sockets = new Set<Socket>();
      const server = createServer({ allowHalfOpen: true }, (socket) => {
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
        socket.on("error", () => undefined);
        accept(asChannel(socket));
      });
      server.listen(path);
      await once(server, "listening");
      const close = async (): Promise<void> => {
        server.close();
        for (const socket of sockets) socket.destroy();
      };
      opened.defer(close);
      return { [Symbol.asyncDispose]: close };
    },
    async endGroup(group) {
      for (const pid of groups.get(group) ?? []) killGroup(pid);
    },
    async [Symbol.asyncDispose]() {
      closed.resolve(new WsError("box_closed", { message: "The Box was closed.", data: { workspace: "ws-standin" } }));
      for (const members of groups.values()) for (const pid of members) killGroup(pid);
      await opened.disposeAsync();
    },
  };
}

function absent(path: string): (cause: unknown) => never {
  return (cause) => {
    throw new WsError("file_not_found", { message: `${path} is absent.`, data: { path }, cause });
  };
}

function asChannel(socket: Socket): ByteChannel {
  return {
    readable: socket,
    write: (bytes) =>
      new Promise((resolve, reject) => void socket.write(bytes, (error) => (error ? reject(error) : resolve()))),
    end: async () => void socket.end(),
    destroy: () => void socket.destroy(),
  };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}
