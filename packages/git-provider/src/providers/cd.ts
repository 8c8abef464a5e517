import type { Stats } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { basename, isAbsolute, join, resolve } from "node:path";
import {
  defineProvider,
  excerpt,
  noVersionControl,
  type ProviderContext,
  type ProviderHost,
  referencePattern,
  type ResolvedRef,
  throwIfAborted,
  WsError,
  type WorkspaceProvider,
} from "@ws/workspace-core";

const TYPE = "cd";

/**
 * `#cd:PATH`: a directory of the worker as it is, without version control. Nothing is allocated, checked out, compared,
 * submitted or released.
 */
export function createCdProvider({ home }: Pick<ProviderHost, "home">): WorkspaceProvider {
  return defineProvider({
    name: TYPE,
    getWorkflowMetadata: () => ({
      workflowType: TYPE,
      refPattern: referencePattern(TYPE),
      displayName: "Directory",
      preAllocatedEnvPrefix: "WS_CD",
      vcsFamily: "",
      vcsProviderName: "",
    }),
    resolveRef: (ref, type, context) => (type === TYPE ? resolveDirectory(ref, home, context) : undefined),
    getWorkspaceDirectory: ({ workflowType, primaryWorkspaceDir }) =>
      workflowType === TYPE ? primaryWorkspaceDir : undefined,
    getChangeLabel: ({ workflowType }) => (workflowType === TYPE ? "change" : undefined),
    submit: ({ project }) => (project.workflowType === TYPE ? refuse(project.workspaceDir, "submit") : undefined),
    prepareMail: ({ project }) => (project.workflowType === TYPE ? refuse(project.workspaceDir, "review") : undefined),
  });
}

async function resolveDirectory(ref: string, home: string, context: ProviderContext): Promise<ResolvedRef> {
  if (!context.mayUseHost) {
    throw new WsError("forbidden", {
      message: "Directories of the worker are for its own user and for administrators.",
      next: "Use a repository, such as #gh:org/repo, or a token with the scope 'admin'.",
      data: { needs: "admin" },
    });
  }
  throwIfAborted(context.signal);
  const wanted = expandPath(ref, home, context.cwd);
  const found = await lookAt(wanted, ref);
  if (!found.isDirectory()) {
    throw new WsError("not_a_directory", {
      message: `'${excerpt(ref)}' is not a directory.`,
      next: "Name the directory that it lies in.",
      data: { path: wanted },
    });
  }
  const directory = await realpath(wanted);
  return {
    workflowType: TYPE,
    projectName: basename(directory) || "root",
    primaryWorkspaceDir: directory,
    allocates: false,
    extra: {},
  };
}

/** A path as a shell would read it, from where the caller stands. Throws `reference_invalid`. */
export function expandPath(ref: string, home: string, cwd: string | undefined): string {
  if (ref.includes("\0")) throw invalid(ref, "holds a NUL character");
  if (ref === "~" || ref.startsWith("~/")) return join(home, ref.slice(1));
  if (ref.startsWith("~")) throw invalid(ref, "names another user's home");
  if (isAbsolute(ref)) return resolve(ref);
  if (cwd !== undefined && isAbsolute(cwd)) return resolve(cwd, ref);
  throw invalid(ref, "is relative, and there is no directory on the worker that it could start from");
}

async function lookAt(path: string, ref: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EACCES") {
      throw new WsError("permission_denied", {
        message: `The worker's user may not look at '${excerpt(ref)}'.`,
        data: { path },
      });
    }
    throw new WsError("reference_not_found", {
      message: `There is no directory '${excerpt(ref)}'.`,
      next: "It has to exist already: make it, or name another.",
      data: { reference: excerpt(ref) },
    });
  }
}

function invalid(ref: string, why: string): WsError<"reference_invalid"> {
  return new WsError("reference_invalid", {
    message: `'${excerpt(ref)}' is no path that can be used: it ${why}.`,
    next: "Use an absolute path, or one that begins with '~/'.",
    data: { reference: excerpt(ref) },
  });
}

function refuse(directory = "", action: string): never {
  throw noVersionControl(directory, action);
}
