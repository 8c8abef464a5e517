import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { withInclude, withoutInclude } from "./include.ts";
import { changeUserConfig } from "./user-config.ts";

const OURS = "/home/ada/.config/workspace/ssh/config";
let home: string;
let path: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "ws-ssh-config-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  path = join(home, ".ssh", "config");
});

const include = (): boolean => changeUserConfig(path, (text) => withInclude(text, OURS));
const remove = (): boolean => changeUserConfig(path, (text) => withoutInclude(text, OURS));

function write(content: string | Buffer): void {
  mkdirSync(join(home, ".ssh"), { recursive: true, mode: 0o700 });
  writeFileSync(path, content, { mode: 0o640 });
}

test.each([
  ["a usual one", "Host github.com\n  User git\n"],
  ["one without a newline at its end", "Host github.com\n  User git"],
  ["one of Windows", "Host a\r\n  User b\r\n"],
  ["one of Windows without a newline at its end", "Host a\r\n  User b"],
  ["one that ends with a Match", 'Match host "*.corp" exec "true"\n  ForwardAgent yes\n'],
  ["one with another Include", "Include config.d/*\n\nHost *\n  User x\n"],
  ["one of comments", "# Include\n#\n"],
  ["one that is no UTF-8", Buffer.from([0x23, 0xe4, 0xff, 0x0a])],
  ["an empty one", ""],
])("%s has our line first, once, and is byte for byte what it was when that is taken away", (_, content) => {
  write(content);
  const before = readFileSync(path);
  expect(include()).toBe(true);
  const [first] = readFileSync(path, "latin1").split(/\r?\n/);
  expect(first).toBe(`Include "${OURS}"`);
  expect(include()).toBe(false);
  expect(readFileSync(path, "latin1").match(/Include "\/home\/ada/g)).toHaveLength(1);
  expect(statSync(path).mode & 0o777).toBe(0o640);
  expect(remove()).toBe(true);
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(remove()).toBe(false);
  expect(readdirSync(join(home, ".ssh"))).toEqual(["config"]);
});

test("our line that somebody moved down comes back to the top", () => {
  write(`Host a\n  User b\nInclude "${OURS}"\nHost c\n`);
  include();
  expect(readFileSync(path, "utf8")).toBe(`Include "${OURS}"\nHost a\n  User b\nHost c\n`);
});

test("where there is none one is made, for its owner only", () => {
  include();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(home, ".ssh")).mode & 0o777).toBe(0o700);
  remove();
  expect(readFileSync(path, "utf8")).toBe("");
});

test("a link is followed and stays one", () => {
  const target = join(home, "dotfiles-ssh");
  writeFileSync(target, "Host a\n");
  mkdirSync(join(home, ".ssh"));
  symlinkSync("../dotfiles-ssh", path);
  include();
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(readFileSync(target, "utf8")).toBe(`Include "${OURS}"\nHost a\n`);
});

test("a read-only one, and one that is a directory, are left as they are", () => {
  write("Host a\n");
  chmodSync(path, 0o400);
  expect(include).toThrow("cannot be changed");
  expect(readFileSync(path, "utf8")).toBe("Host a\n");
  rmSync(path);
  mkdirSync(path);
  expect(include).toThrow("cannot be changed (EISDIR); it is as it was.");
  expect(readdirSync(join(home, ".ssh"))).toEqual(["config"]);
});
