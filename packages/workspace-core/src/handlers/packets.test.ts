import { describe, expect, test } from "vitest";
import { WsError } from "../errors.ts";
import { createPolicy } from "../policy/policy.ts";
import { handlerRules } from "./handler.ts";
import { fetchPackets, type Packet, type PacketSource, type PacketSummary } from "./packets.ts";
import type { FetchSettings } from "./fetch.ts";

const HEAD = "0123456789abcdef0123456789abcdef01234567";
const BINARY = "\0";

/** A repository with these files, behind the rules of a fetch; `changed` differ from the commit that is named. */
function sourceOf(
  files: Record<string, string | WsError>,
  settings: FetchSettings,
  changed: readonly string[] = [],
): PacketSource & { reads: string[] } {
  const rules = handlerRules({ kind: "fetch", settings });
  const policy = createPolicy(rules.map((one) => ({ of: "token" as const, name: "nightly", rules: one })));
  const reads: string[] = [];
  return {
    reads,
    head: async () => HEAD,
    names: async (since) => ({
      paths: since === undefined ? Object.keys(files) : changed,
      hidden: 0,
      truncated: false,
    }),
    mayRead: (path) => policy.decide({ act: "read", path }) === undefined,
    async read(path) {
      reads.push(path);
      const content = files[path] ?? new WsError("file_not_found", { message: "gone", data: { path } });
      if (content instanceof WsError) throw content;
      const version = "v1";
      if (content === BINARY) return { binary: true, size: 1, version };
      return { binary: false, content, size: content.length, offset: 1, linesRead: 1, truncated: false, version };
    },
  };
}

async function collect(
  files: Record<string, string | WsError>,
  settings: Omit<FetchSettings, "repo"> = {},
  changed?: readonly string[],
): Promise<{ packets: Packet[]; summary: PacketSummary; reads: string[] }> {
  const source = sourceOf(files, { repo: "demo", ...settings }, changed);
  const stream = fetchPackets(source, { repo: "demo", ...settings });
  const packets: Packet[] = [];
  for (let next = await stream.next(); ; next = await stream.next()) {
    if (next.done === true) return { packets, summary: next.value, reads: source.reads };
    packets.push(next.value);
  }
}

const paths = (packets: readonly Packet[]): string[] => packets.map(({ path }) => path);

test("each text file is a packet, by path, with the commit that is checked out", async () => {
  const { packets, summary } = await collect({ "b.md": "two", "a.md": "one" });
  expect(packets).toEqual([
    { repo: "demo", path: "a.md", commit: HEAD, size: 3, content: "one" },
    { repo: "demo", path: "b.md", commit: HEAD, size: 3, content: "two" },
  ]);
  expect(summary).toEqual({ packets: 2, skipped: { binary: 0, tooLarge: 0, hidden: 0 }, truncated: false });
});

test("what is no text, too large or hidden is counted and left out; what is gone is neither", async () => {
  const refusal = (code: "file_too_large" | "path_not_allowed" | "file_not_found" | "not_a_regular_file") =>
    new WsError(code, { message: code, data: {} as never });
  const { packets, summary } = await collect({
    "a.md": "one",
    "big.csv": refusal("file_too_large"),
    "link.md": refusal("path_not_allowed"),
    "deleted.md": refusal("file_not_found"),
    module: refusal("not_a_regular_file"),
    "logo.png": BINARY,
    ".env": "SECRET=1",
  });
  expect(paths(packets)).toEqual(["a.md"]);
  expect(summary).toEqual({ packets: 1, skipped: { binary: 1, tooLarge: 1, hidden: 2 }, truncated: false });
});

describe("the settings", () => {
  const files = { "README.md": "r", "docs/a.md": "a", "docs/b.ts": "b", "src/c.ts": "c", "src/c.test.ts": "t" };

  test.each<[Omit<FetchSettings, "repo">, string]>([
    [{ paths: ["docs"] }, "docs/a.md docs/b.ts"],
    [{ paths: ["docs", "src"], exclude_glob: "*.test.ts" }, "docs/a.md docs/b.ts src/c.ts"],
    [{ include_glob: "*.md" }, "README.md docs/a.md"],
    [{ paths: ["docs"], include_glob: "*.ts" }, "docs/b.ts"],
    [{ max_files: 2 }, "README.md docs/a.md"],
    [{ paths: ["none"] }, ""],
  ])("%j: %s", async (settings, expected) => {
    expect(paths((await collect(files, settings)).packets).join(" ")).toBe(expected);
  });

  test("only so many are told, and that there are more", async () => {
    const { summary, reads } = await collect(files, { max_files: 1, exclude_glob: "README.md" });
    expect(summary).toMatchObject({ packets: 1, truncated: true });
    expect(reads.length).toBeLessThan(6);
    expect((await collect({ "a.md": "a" }, { max_files: 1 })).summary.truncated).toBe(false);
  });

  test("since a commit, only files that differ from it", async () => {
    const settings = { since_commit: HEAD, include_glob: "*.md" };
    expect(paths((await collect(files, settings, ["docs/a.md", "src/c.ts", "gone.md"])).packets)).toEqual([
      "docs/a.md",
    ]);
  });
});

test("what nobody waits for any more ends, and a failure of a read is a failure of all", async () => {
  const stop = new AbortController();
  const source = sourceOf({ "a.md": "one", "b.md": "two" }, { repo: "demo" });
  const stream = fetchPackets(source, { repo: "demo" }, stop.signal);
  await stream.next();
  stop.abort();
  await expect(stream.next()).rejects.toMatchObject({ code: "aborted" });
  const lost = new WsError("box_closed", { message: "lost", data: { workspace: "demo" } });
  await expect(collect({ "a.md": lost })).rejects.toBe(lost);
});
