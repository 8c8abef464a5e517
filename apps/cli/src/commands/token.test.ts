import { Command } from "commander";
import { expect, test } from "vitest";
import { createContext } from "../context.ts";
import { createFakeIo } from "../testing/fake-io.ts";
import { registerToken } from "./token.ts";

const twin = { name: "ci", scope: "read", created: "now" };
const local = { kind: "socket", path: "/agent.sock" };

function setup(target: object, port: number) {
  const io = createFakeIo();
  const client = {
    tokens: {
      create: async () => ({ ...twin, id: "1", token: "printed" }),
      list: async () => [
        { ...twin, id: "1" },
        { ...twin, id: "2" },
      ],
    },
    config: { settings: { list: async () => [{ key: "port", value: port }] } },
  };
  const context = { ...createContext(io), connect: async () => ({ client, target }) as never };
  const program = new Command().option("--yes");
  registerToken(program, context);
  return {
    io,
    run: async (...argv: string[]) => void (await program.parseAsync(["token", ...argv], { from: "user" })),
  };
}

test.each([
  [local, 8000, "ssh -N -L 8000:127.0.0.1:8000 WORKER &\n  WS_WORKER=127.0.0.1:8000 WS_TOKEN=… ws list\n"],
  [local, 0, "PORT its dashboard's:\n  ssh -N -L PORT:127.0.0.1:PORT WORKER &\n"],
  [{ kind: "http", url: "http://box:7391" }, 0, "Elsewhere: WS_WORKER=http://box:7391 WS_TOKEN=… ws list\n"],
])("after a token was made by way of %j at port %d, what is told to do elsewhere works there", async (...row) => {
  const [target, port, told] = row;
  const { io, run } = setup(target, port);
  await run("create", "ci");
  expect(io.out()).toBe("printed\n");
  expect(io.err()).toContain(told);
});

test("who ends several tokens by their one name is told how many", async () => {
  const { io, run } = setup(local, 0);
  await expect(run("revoke", "ci")).rejects.toMatchObject({ code: "confirmation_needed" });
  expect(io.err()).toBe("Whoever uses any of the 2 tokens 'ci' is cut off.\n");
});
