import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from "node:http";
import { duplexPair } from "node:stream";
import { LOCAL_GIT_HOST, type Log } from "@ws/workspace-core";
import { isSame } from "../broker/protocol/same.ts";
import type { LocalUpstream } from "../broker/forge/upstream.ts";
import { createLocalGit } from "./local-git.ts";
import { unusualSetting } from "./repository-config.ts";
import { serveBare } from "./serve-bare.ts";

export interface LocalRepositoriesOptions {
  /** The bare repository of a project; undefined where it has none. */
  find: (project: string) => string | undefined;
  /** What the worker's own credential for them is. Nobody else has it, so that only what was granted is served. */
  password: string;
  /** The worker's PATH. */
  path: string;
  log: Log;
}

const TARGET = /^\/([^/?]+)\.git\/(info\/refs|git-upload-pack|git-receive-pack)(?:\?(.*))?$/;

/**
 * The worker's bare repositories as a forge that nobody can dial: requests reach it within this process, after the same rights
 * and rules as those for any other forge.
 */
export function createLocalRepositories({ find, password, path, log }: LocalRepositoriesOptions): LocalUpstream {
  const git = createLocalGit({ path });
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.warn("a repository of the worker could not be served", { error });
      if (response.headersSent) response.destroy();
      else refuse(response, 500, "The worker could not serve this repository.");
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isTheWorker(request.headers.authorization, password)) {
      response.setHeader("WWW-Authenticate", 'Basic realm="workspace"');
      return refuse(response, 401, "Authentication failed: this workspace has no right to this repository.");
    }
    const [, name = "", service = "", query = ""] = TARGET.exec(request.url ?? "") ?? [];
    const repository = find(decoded(name));
    if (repository === undefined) return refuse(response, 404, "Repository not found.");
    const setting = await unusualSetting(git, repository);
    if (setting !== undefined) {
      return refuse(response, 403, `The worker does not use this repository, because it brings '${setting}'.`);
    }
    await serveBare(request, response, { repository, service, query, path });
  }

  return {
    host: LOCAL_GIT_HOST,
    begin({ method, target, headers }) {
      const [here, there] = duplexPair();
      for (const side of [here, there]) side.on("error", () => undefined);
      // Either end going away ends the other, as with a socket.
      here.on("close", () => there.destroy());
      there.on("close", () => here.destroy());
      server.emit("connection", there);
      return httpRequest({
        method,
        path: target,
        headers: { ...headers, Host: LOCAL_GIT_HOST },
        createConnection: () => here,
      });
    },
  };
}

function isTheWorker(authorization: string | undefined, password: string): boolean {
  const [, encoded = ""] = /^Basic (\S+)$/.exec(authorization ?? "") ?? [];
  const given = Buffer.from(encoded, "base64").toString();
  return isSame(given.slice(given.indexOf(":") + 1), password);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return "";
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "Content-Type": "text/plain", Connection: "close" }).end(`${message}\n`);
}
