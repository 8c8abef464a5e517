/** The first of each that is named: most browsers also name the one that they want to be taken for. */
const BROWSERS = [
  ["Edg", "Edge"],
  ["OPR", "Opera"],
  ["Firefox", "Firefox"],
  ["FxiOS", "Firefox"],
  ["CriOS", "Chrome"],
  ["Chrome", "Chrome"],
  ["Safari", "Safari"],
] as const;
const SYSTEMS = [
  ["iPhone", "iPhone"],
  ["iPad", "iPad"],
  ["Android", "Android"],
  ["Windows", "Windows"],
  ["Mac OS", "macOS"],
  ["CrOS", "ChromeOS"],
  ["Linux", "Linux"],
] as const;

/** What a browser is called among the devices of a worker: `chrome-android`, and `Chrome on Android` in full. */
export function describeBrowser(userAgent: string): { name: string; platform: string } {
  const named = (list: typeof BROWSERS | typeof SYSTEMS): string | undefined =>
    list.find(([mark]) => userAgent.includes(mark))?.[1];
  const browser = named(BROWSERS) ?? "Browser";
  const system = named(SYSTEMS);
  if (system === undefined) return { name: browser.toLowerCase(), platform: browser };
  return { name: `${browser}-${system}`.toLowerCase(), platform: `${browser} on ${system}` };
}
