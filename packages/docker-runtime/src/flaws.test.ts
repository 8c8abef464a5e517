import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";

import { flawsOf } from "./flaws.ts";
import { readRepairs } from "./repairs.ts";

const nothing = async (): Promise<undefined> => undefined;
const OLD = "CVE-2024-21626";
const NEW = ["CVE-2025-31133", "CVE-2025-52565", "CVE-2025-52881"];

function changelog(text: string): (name: string, revision: string) => Promise<ReadonlySet<string> | undefined> {
  const directory = mkdtempSync(join(tmpdir(), "ws-changelog-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  mkdirSync(join(directory, "runc"));
  writeFileSync(join(directory, "runc", "changelog.Debian.gz"), gzipSync(text));
  return (name, revision) => readRepairs(name, revision, directory);
}

const entry = (revision: string, line: string): string =>
  `runc (${revision}) bookworm-security; urgency=high\n\n  * ${line}\n\n -- Somebody <a@b.test>  Fri, 02 Feb 2024 21:53:05 +0800\n\n`;

describe("holes in the engine's parts (row 20; CVE-2024-21626, CVE-2025-31133, CVE-2025-52565, CVE-2025-52881)", () => {
  test.each([
    ["1.1.5", [OLD, ...NEW]],
    ["1.1.11", [OLD, ...NEW]],
    ["1.1.12", NEW],
    ["1.2.7", NEW],
    ["1.2.8", []],
    ["1.3.2", NEW],
    ["1.3.3", []],
    ["1.4.0-rc.2", NEW],
    ["1.4.0", []],
    ["2.0.0", []],
  ])("runc %s lets a container out by %j", async (version, cves) => {
    const found = await flawsOf({ runc: { version, commit: `v${version}-0-g51d5e946` } }, nothing);
    expect(found.map(({ kind, cves: named }) => [kind, named])).toEqual(cves.length === 0 ? [] : [["escape", cves]]);
    for (const { next } of found) expect(next).toMatch(/^Install runc 1\.[\d., ]+ or later/);
  });

  test("a distribution's own version is judged by what its changelog says that it repaired", async () => {
    const runc = { version: "1.1.5+ds1", commit: "1.1.5+ds1-1+deb12u1" };
    const first = entry("1.1.5+ds1-1+deb12u1", `${OLD}: several container breakouts`) + entry("1.1.5+ds1-1", "New");
    expect(await flawsOf({ runc }, changelog(first))).toMatchObject([
      { kind: "escape", cves: NEW, message: expect.stringContaining("1.1.5+ds1-1+deb12u1") },
    ]);
    const later = { version: "1.1.5+ds1", commit: "1.1.5+ds1-1+deb12u2" };
    const all = entry("1.1.5+ds1-1+deb12u2", `Repair ${NEW.join(", ")}`) + first;
    expect(await flawsOf({ runc: later }, changelog(all))).toEqual([]);
  });

  test("what was taken back is not repaired", async () => {
    const runc = { version: "1.1.5+ds1", commit: "1.1.5+ds1-1+deb12u3" };
    const text = entry("1.1.5+ds1-1+deb12u3", `Revert the patch for ${OLD}`);
    expect((await flawsOf({ runc }, changelog(text)))[0]?.cves).toContain(OLD);
  });

  test.each([
    ["none", undefined],
    ["another revision's", entry("1.1.5+ds1-1", OLD)],
    ["no text", "\u0000\u0001"],
  ])("without its changelog (%s) a distribution's version is neither sound nor broken for certain", async (_, text) => {
    const repairs = text === undefined ? nothing : changelog(text);
    for (const runc of [
      { version: "1.1.5+ds1", commit: "1.1.5+ds1-1+deb12u1" },
      { version: "1.1.7-0ubuntu1~22.04.2" },
    ]) {
      const found = await flawsOf({ runc }, repairs);
      expect(found).toMatchObject([{ kind: "unclear", cves: [OLD, ...NEW] }]);
    }
  });

  test.each([
    ["20.10.24+dfsg1", 1],
    ["28.2.2", 1],
    ["29.3.0", 1],
    ["29.3.1", 0],
    ["30.0.0", 0],
  ])(
    "Docker %s is named where an oversized request passes its plugins (row 19; CVE-2026-34040)",
    async (version, count) => {
      const found = await flawsOf({ engine: { version } }, nothing);
      expect(found.map(({ kind, part }) => [kind, part])).toEqual(count === 0 ? [] : [["indirect", "docker"]]);
    },
  );
});
