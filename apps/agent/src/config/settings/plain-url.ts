/** Whether a URL says a place and nothing else: nobody's name, and nothing to ask there. By http only one that no network leads to. */
export function isPlain(text: string, path?: string): boolean {
  const url = URL.parse(text);
  if (url === null || (path ?? url.pathname) !== url.pathname || url.port === "0" || !isHost(url.hostname))
    return false;
  const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(isHere && url.protocol === "http:")) return false;
  return [url.username, url.password, url.search, url.hash].every((part) => part === "");
}

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** As git's addresses have one: what is refused there must not be what the next start reads. */
function isHost(name: string): boolean {
  if (name.startsWith("[")) return !name.startsWith("[::ffff:");
  return name.length <= 253 && name.split(".").every((label) => LABEL.test(label));
}
