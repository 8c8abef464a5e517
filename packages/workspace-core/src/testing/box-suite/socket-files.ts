import { describe, expect, test } from "vitest";
import type { Box } from "../../ports.ts";
import { encode, expectCode, finish, freshDirectory, refuses, script, serve, text } from "./probing.ts";
import type { BoxUnderTest } from "./under-test.ts";

const ASK = `
use IO::Socket::UNIX;
my $socket = IO::Socket::UNIX->new(Peer => $ARGV[0]) or exit 7;
print $socket $ARGV[1];
shutdown($socket, 1);
print <$socket>;
`;

/** Asks through a socket file, as a program of the place does. */
const ask = (box: Box, path: string, question: string) => finish(box, ["perl", "-e", ASK, path, question]);

const echo = serve(async (channel) => {
  const question = await text(channel.readable);
  await channel.write(encode(`answer to ${question}`));
  await channel.end();
});

export function socketFileTests(place: () => BoxUnderTest): void {
  describe("a socket file of the place", () => {
    test("is listened on for the place's own user, many at once", async () => {
      const { box } = place();
      if (await refuses(box, "listen", () => box.listenAt("/tmp/x", () => undefined))) return;
      const path = `${await freshDirectory(box)}/a b.sock`;
      await using _listener = await box.listenAt(path, echo);
      const answers = await Promise.all(["one", "two", "three"].map((question) => ask(box, path, question)));
      expect(answers.map(({ stdout }) => stdout)).toEqual(["answer to one", "answer to two", "answer to three"]);
      expect((await script(box, 'stat -c %A -- "$1"', path)).trim()).toBe("srw-------");
    });

    test("replaces what an earlier one left, and is gone after it", async () => {
      const { box } = place();
      if (box.missing.includes("listen")) return;
      const path = `${await freshDirectory(box)}/s`;
      await box.files.write(path, encode("left over"));
      const first = await box.listenAt(path, echo);
      await first[Symbol.asyncDispose]();
      await first[Symbol.asyncDispose]();
      expect((await ask(box, path, "gone?")).code).toBe(7);
      await expectCode(box.files.stat(path), "file_not_found");
      await using _second = await box.listenAt(path, echo);
      expect((await ask(box, path, "again")).stdout).toBe("answer to again");
    });

    test("is made nowhere but where its directory is", async () => {
      const { box } = place();
      if (box.missing.includes("listen")) return;
      const directory = await freshDirectory(box);
      await expectCode(box.listenAt(`${directory}/missing/s`, echo), "permission_denied");
    });

    test("is not left to who opens it after the Box", async () => {
      const box = await place().reopen();
      if (box.missing.includes("listen")) return box[Symbol.asyncDispose]();
      const path = `${await freshDirectory(box)}/s`;
      await box.listenAt(path, echo);
      await box[Symbol.asyncDispose]();
      await expectCode(box.listenAt(path, echo), "box_closed");
      // The channel's other end may hear of its end a moment later.
      await expect.poll(async () => (await ask(place().box, path, "anybody?")).code, { timeout: 10_000 }).toBe(7);
      await using _next = await place().box.listenAt(path, echo);
      expect((await ask(place().box, path, "now")).stdout).toBe("answer to now");
    });
  });
}
