import { expect, test } from "vitest";

import { cloneFailure } from "./failures.ts";

const url = "https://git.example.com/o/r";

test.each([
  ["authentication_failed", "fatal: could not read Username for 'https://git.example.com': terminal prompts disabled"],
  [
    "authentication_failed",
    "remote: HTTP Basic: Access denied\nfatal: Authentication failed for 'https://git.example.com/o/r/'",
  ],
  ["authentication_failed", "git@h: Permission denied (publickey).\nfatal: Could not read from remote repository."],
  ["authentication_failed", "fatal: unable to access 'https://h/': The requested URL returned error: 403"],
  ["repository_not_found", "remote: Repository not found.\nfatal: repository 'https://git.example.com/o/r/' not found"],
  ["repository_not_found", "ERROR: Repository not found.\nfatal: Could not read from remote repository."],
  ["repository_not_found", "fatal: '/srv/r' does not appear to be a git repository\nfatal: Could not read from remote"],
  ["repository_unreachable", "fatal: unable to access 'https://h/': Could not resolve host: h"],
  [
    "repository_unreachable",
    "fatal: unable to access 'https://h/': Failed to connect to h port 443: Connection refused",
  ],
  ["repository_unreachable", "ssh: connect to host h port 22: Connection timed out\nfatal: Could not read from remote"],
  ["repository_unreachable", "Host key verification failed.\nfatal: Could not read from remote repository."],
  [
    "repository_unreachable",
    "fatal: unable to access 'https://h/': server certificate verification failed. CAfile: none",
  ],
  [
    "repository_unreachable",
    "remote: Workspace cannot reach h: it does not answer.\nfatal: unable to access: error: 504",
  ],
  [
    "repository_unreachable",
    "remote: Workspace does not lead there: h is private\nfatal: The requested URL returned error: 403",
  ],
  ["disk_full", "fatal: write error: No space left on device\nfatal: fetch-pack: invalid index-pack output"],
  ["disk_full", "error: unable to create file x: Disk quota exceeded"],
  ["clone_failed", "fatal: protocol error: bad line length character: abcd"],
  ["clone_failed", ""],
])("%s: %j", (code, stderr) => {
  expect(cloneFailure(url, stderr)).toMatchObject({ code, next: expect.any(String) });
});

test.each([
  [
    "remote: Workspace cannot log in: the credential work was refused by git.example.com. Set a working one: 'ws credential set'.",
    "Authentication failed for 'https://git.example.com/o/r': the credential work was refused by git.example.com.",
    "Set a working one: 'ws credential set'.",
  ],
  [
    "remote: Workspace cannot log in: its grant was revoked. Give it a new one.",
    "Authentication failed for 'https://git.example.com/o/r': its grant was revoked.",
    "Give it a new one.",
  ],
])("what the worker says of its credential is told with the next step: %j", (line, message, next) => {
  const failure = cloneFailure(
    url,
    `${line}\nfatal: unable to access '${url}/': The requested URL returned error: 403`,
  );
  expect(failure).toMatchObject({ code: "authentication_failed", message, next });
});

test.each([
  [
    `remote: Workspace cannot reach git.example.com: it does not answer.\nfatal: unable to access '${url}/': error: 504`,
    `The server of '${url}' cannot be reached: it does not answer.`,
  ],
  [
    `fatal: unable to access '${url}/': server certificate verification failed. CAfile: none`,
    `The server of '${url}' cannot be reached: server certificate verification failed. CAfile: none.`,
  ],
  [`remote: Repository not found.\nfatal: repository '${url}/' not found`, `Repository not found: '${url}'.`],
  ["", `Git could not clone '${url}'.`],
])("%j is one sentence that names the URL once", (stderr, message) => {
  expect(cloneFailure(url, stderr).message).toBe(message);
});

test("git's reason comes without the address of the forward and without control characters", () => {
  const stderr = `Cloning into 'r'...\nfatal: http://127.0.0.1:41234/${"a1".repeat(24)}/git.example.com/o/r/ is odd\u001b[31m\n`;
  expect(cloneFailure(url, stderr).message).toBe(`Git could not clone '${url}': ${url}/ is odd[31m.`);
});

test.each([
  ["its certificate is signed by an authority that this worker does not trust", true],
  ["its certificate is signed by itself", true],
  ["its certificate has expired", false],
  ["it does not answer", false],
])("where the worker says that %s, the setting that would help is named: %s", (reason, named) => {
  const { next } = cloneFailure(url, `remote: Workspace cannot reach git.example.com: ${reason}.\nfatal: error: 502`);
  expect(next?.includes("ws config set git.ca FILE")).toBe(named);
});

test.each([
  ["https://github.com/o/r", "'ws login github' or 'ws credential set NAME --host github.com'"],
  ["https://git.example.com:8443/o/r", "'ws credential set NAME --host git.example.com:8443'"],
  ["https://[::1]:8443/o/r", "'ws credential set NAME --host [::1]:8443'"],
  ["git@git.example.com:o/r", "'ws credential set NAME --type ssh-key --host git.example.com < KEYFILE'"],
  ["ssh://git@h.test:2222/o/r", "'ws credential set NAME --type ssh-key --host h.test:2222 < KEYFILE'"],
])("a login that %s lacks is told as that host takes it", (to, ways) => {
  const { code, next } = cloneFailure(to, "git@h: Permission denied (publickey).");
  expect(code).toBe("authentication_failed");
  expect(next).toBe(`Check the URL; for a private repository give the worker a credential: ${ways}.`);
});

test("by ssh there is no certificate to check, and what failed is said once", () => {
  const refused = "ssh: connect to host h port 22: Connection refused\nfatal: Could not read from remote repository.";
  expect(cloneFailure("git@h:o/r", refused).next).not.toContain("certificate");
  expect(cloneFailure(url, refused).next).toContain("certificate");
  const said = "remote: Workspace cannot log in: Authentication failed: h refused the token 'work'. Give a new one.";
  expect(cloneFailure(url, said)).toMatchObject({
    code: "authentication_failed",
    message: `Authentication failed for '${url}': h refused the token 'work'.`,
    next: "Give a new one.",
  });
});
