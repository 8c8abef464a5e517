/**
 * Whether an image's name has the engine ask an address, or the machine itself, for it: the engine stands outside of every fence that a
 * workspace has. Names of hosts are asked as they are.
 */
export function asksAnAddress(image: string): boolean {
  const [first = "", ...rest] = image.split("/");
  // Without a dot or a port it is somebody's name at the usual registry.
  if (rest.length === 0 || !(/[.:]/.test(first) || first.toLowerCase() === "localhost")) return false;
  const last = first.replace(/:\d*$/, "").replace(/\.$/, "").split(".").at(-1)?.toLowerCase() ?? "";
  return last === "localhost" || !/^(?:[a-z][a-z-]*|xn--[a-z0-9-]+)$/.test(last);
}
