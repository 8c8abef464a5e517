/** Paths are relative to the workspace's directory, segments joined by `/`; `""` is the directory itself. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function joined(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

export function isWithin(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

/** The innermost folder that both are, or lie in. */
export function commonFolder(one: string, other: string): string {
  let folder = one;
  while (!isWithin(other, folder)) folder = parentOf(folder);
  return folder;
}

/** The folders on the way to it, outermost first. */
export function foldersAbove(path: string): string[] {
  const segments = path.split("/").slice(0, -1);
  return segments.map((_, at) => segments.slice(0, at + 1).join("/"));
}

/** Why a path cannot be one that a person means; undefined where it can. The worker judges in the end. */
export function faultOf(path: string): string | undefined {
  if (path === "") return "Give a path.";
  if (path.startsWith("/")) return "Leave the slash at the beginning out: paths begin in the workspace's directory.";
  const segments = path.split("/");
  if (segments.includes("..") || segments.includes(".")) return "Leave . and .. out.";
  if (segments.includes("")) return "A name is missing beside a slash.";
  // oxlint-disable-next-line no-control-regex -- a name with a control character is a typing error here
  if (/[\u0000-\u001f\u007f]/.test(path)) return "Leave control characters out.";
  return undefined;
}

const IMAGES: ReadonlyMap<string, string> = new Map([
  ["avif", "image/avif"],
  ["bmp", "image/bmp"],
  ["gif", "image/gif"],
  ["ico", "image/x-icon"],
  ["jpeg", "image/jpeg"],
  ["jpg", "image/jpeg"],
  ["png", "image/png"],
  ["svg", "image/svg+xml"],
  ["webp", "image/webp"],
]);

/** The media type of what a browser can show as an image, by its name. */
export function imageType(path: string): string | undefined {
  return IMAGES.get(/\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "");
}
