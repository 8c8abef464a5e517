import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { excerpt } from "@ws/workspace-core";
import type { LocalGit } from "./local-git.ts";

/** What bare repositories are configured with that makes git run no program and read no other file. */
const PLAIN = [
  /^core\.(?:repositoryformatversion|filemode|bare|ignorecase|precomposeunicode|symlinks|logallrefupdates)$/,
  /^core\.(?:sharedrepository|compression|loosecompression|bigfilethreshold|fsync|fsyncmethod|fsyncobjectfiles)$/,
  /^extensions\.(?:objectformat|refstorage|noop)$/,
  /^gc\.(?!recentobjectshook$)[a-z]+$/,
  /^uploadpack\.(?!packobjectshook$)[a-z0-9]+$/,
  /^receive\.(?:advertise[a-z]+|autogc|deny[a-z]+|fsckobjects|unpacklimit|maxinputsize|shallowupdate|updateserverinfo)$/,
  /^(?:pack|repack|transfer)\.[a-z]+$/,
  /^http\.(?:receivepack|uploadpack|getanyfile)$/,
  /^remote\..+\.(?:url|fetch|mirror|tagopt|prune)$/,
  /^branch\..+\.(?:remote|merge|description|rebase)$/,
  /^(?:user|gitweb|cgit|gitlab|gitea)\.[a-z]+$/,
];

/**
 * The first of a bare repository's own settings that could make git run something as this user, or read other settings;
 * undefined where there is none.
 */
export async function unusualSetting(
  git: LocalGit,
  repository: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  // Git's server would take that one instead.
  if ((await lstat(join(repository, ".git")).catch(() => undefined)) !== undefined) return ".git";
  const argv = ["config", "--local", "--list", "--name-only", "-z"];
  const names = await git.read(repository, argv, signal === undefined ? {} : { signal });
  const found = names.split("\0").find((name) => name !== "" && !PLAIN.some((plain) => plain.test(name)));
  return found === undefined ? undefined : excerpt(found);
}
