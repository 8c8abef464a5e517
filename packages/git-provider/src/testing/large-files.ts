import { readFile } from "node:fs/promises";
import type { GitOptions } from "../git.ts";
import type { GitServer } from "./git-server.ts";
import { type GrantedPlace, openGranted, type SshForge } from "./granted-place.ts";
import type { LfsServer } from "./lfs-server.ts";

/** A workspace with a clone of a private repository whose large files are on the server, and pointers to them in the clone. */
export async function openLarge(
  {
    server,
    lfs,
    ca = [],
    ...options
  }: { server: GitServer; lfs: LfsServer; ca?: readonly string[]; by?: SshForge } & Partial<GitOptions>,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<GrantedPlace> {
  const pointers: Record<string, string> = { ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n" };
  for (const [name, content] of Object.entries(files)) pointers[name] = await lfs.put(content);
  const place = await openGranted(server, pointers, { ca: [server.ca, lfs.ca, ...ca], ...options });
  lfs.serve(place.name, (user, password) => user === "x-access-token" && password === place.token);
  // As the image of workspaces has it.
  await place.git("lfs", "install", "--local", "--skip-smudge");
  await place.git("config", "lfs.transfer.maxretries", "1");
  return place;
}

/** The repository's URL as git in the workspace is led to it. */
export async function entrance({ box, repository }: GrantedPlace): Promise<string> {
  const include = await readFile(`${box.home}/.config/git/ws-forward`, "utf8");
  return `${/\[url "([^"]+)"\]/.exec(include)?.[1]}${repository.url.slice("https://".length)}`;
}
