import type { IncomingMessage, ServerResponse } from "node:http";
import { basename, dirname } from "node:path";
import type { GitSetting } from "../worker-git/environment.ts";
import { answerWithBackend, backendEnvironment } from "../worker-git/http-backend.ts";
import { startWorkerGit } from "../worker-git/start-git.ts";

/** Settings of the repository for this one request; whose it is has been judged before. */
const SETTINGS = (repository: string): readonly GitSetting[] => [
  ["http.receivepack", "true"],
  ["http.uploadpack", "true"],
  ["uploadpack.allowFilter", "true"],
  ["safe.directory", repository],
];

/** Answers one request of git's smart protocol from a bare repository, with git's own server, streaming both ways. */
export async function serveBare(
  request: IncomingMessage,
  response: ServerResponse,
  { repository, service, query, path }: { repository: string; service: string; query: string; path: string },
): Promise<void> {
  const target = { root: dirname(repository), path: `/${basename(repository)}/${service}`, query };
  const git = startWorkerGit(["http-backend"], {
    path,
    settings: SETTINGS(repository),
    env: { ...backendEnvironment(request, target), REMOTE_USER: "workspace", REMOTE_ADDR: "127.0.0.1" },
  });
  git.stderr.resume();
  await answerWithBackend(request, response, git);
}
