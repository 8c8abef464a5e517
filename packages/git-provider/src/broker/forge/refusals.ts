import type { IncomingMessage, ServerResponse } from "node:http";
import { isWsError, type WorkspaceId } from "@ws/workspace-core";
import { formatAuthority } from "../../hosts.ts";
import { AddressRefused } from "./addresses.ts";
import { LFS_TYPE } from "../protocol/lfs-call.ts";
import { type RoutePlace, RouteRefused } from "../protocol/routes.ts";

/** Why a host could not be asked, in words for git's user. */
export function unreachable(host: string, error: unknown): RouteRefused {
  if (error instanceof RouteRefused) return error;
  if (error instanceof AddressRefused) {
    return new RouteRefused(
      403,
      `Workspace does not lead there: ${error.message}, and not this workspace's own server.`,
    );
  }
  const { code = "", message } = error as NodeJS.ErrnoException;
  const timedOut = code === "ETIMEDOUT";
  return new RouteRefused(
    timedOut ? 504 : 502,
    `Workspace cannot reach ${host}: ${REASONS[code] ?? (message || code)}.`,
    error,
  );
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: "the name does not resolve",
  EAI_AGAIN: "the name does not resolve at the moment",
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was cut",
  EPIPE: "the connection was cut",
  EHOSTUNREACH: "there is no route to it",
  ENETUNREACH: "there is no route to it",
  ETIMEDOUT: "it does not answer",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is signed by an authority that this worker does not trust",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is signed by itself",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is signed by an authority that this worker does not trust",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate is signed by an authority that this worker does not trust",
  CERT_HAS_EXPIRED: "its certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
};

/** What git's user reads where the forge does not take what the worker showed it. */
export function credentialRefused(credential = "", host = ""): RouteRefused {
  return new RouteRefused(
    403,
    `Workspace cannot log in: the credential ${credential} was refused by ${host}. Set a working one on the worker: 'ws credential set'.`,
  );
}

/** What git's user reads where a forge shows a repository to nobody without a credential, and none goes with the request. */
export function notGranted({ authority, repository }: RoutePlace, status: 401 | 404): RouteRefused {
  const host = formatAuthority(authority);
  const url = `https://${host}/${repository}`;
  const next = howToGrant(host, url);
  return status === 404
    ? new RouteRefused(
        404,
        `Repository not found: ${url}; if it is private, this workspace has no grant for it. ${next}`,
      )
    : new RouteRefused(403, `Workspace has no grant for ${url}, which is private or does not exist. ${next}`);
}

/** What git's user reads where a repository by SSH is led because its name begins like that of one with a grant. */
export function onlyBeginsSo({ authority, repository }: RoutePlace, user: string): RouteRefused {
  const host = formatAuthority(authority);
  const url = `ssh://${user}@${host}/${repository}`;
  return new RouteRefused(
    403,
    `Workspace has no grant for ${url}; git asks the worker for it because its name begins like that of a repository with one. ${howToGrant(host, url)} With a key of this workspace's own: 'git config --global url.URL.insteadOf URL', both times with the URL as git was given it.`,
  );
}

function howToGrant(host: string, url: string): string {
  return `On the worker: 'ws credential set' where it has no credential of ${host} yet, then 'ws credential grant WORKSPACE ${url}'.`;
}

/**
 * Answers with the refusal; git shows plain text of a refused request to its user as `remote:` lines, and git-lfs only what it
 * finds in JSON of its own.
 */
export function refuse(
  { url = "", headers }: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  workspace: WorkspaceId | "WORKSPACE" = "WORKSPACE",
): void {
  if (response.headersSent) return void response.destroy();
  const { status, message: said } = inWords(error);
  // By its id, which stays the same whatever the workspace is called by the time somebody types it.
  const message = said.replaceAll("ws credential grant WORKSPACE ", `ws credential grant ${workspace} `);
  const isLfs = url.includes("/info/lfs/") || headers.accept?.startsWith(LFS_TYPE) === true;
  const type = isLfs ? LFS_TYPE : "text/plain; charset=utf-8";
  const text = isLfs ? JSON.stringify({ message }) : `${message}\n`;
  response.writeHead(status, { "Content-Type": type, Connection: "close" }).end(text);
}

/** What git's user may read of a failure, and the status that goes with it. */
export function inWords(error: unknown): { status: number; message: string } {
  if (error instanceof RouteRefused) return error;
  if (isWsError(error)) {
    const next = error.next === undefined ? "" : ` ${error.next}`;
    return { status: 403, message: `Workspace cannot log in: ${error.message}${next}` };
  }
  return { status: 500, message: error instanceof Error ? error.message : String(error) };
}
