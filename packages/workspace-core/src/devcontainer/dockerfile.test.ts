import { expect, test } from "vitest";
import { readDockerfile } from "./dockerfile.ts";

test("the images that its stages begin with are told, with its arguments filled in", () => {
  const { bases, refused } = readDockerfile(
    [
      "# syntax=docker/dockerfile:1",
      'ARG VARIANT="bookworm"',
      "ARG NODE=1",
      "FROM --platform=linux/amd64 debian:${VARIANT} AS Base",
      "ARG NODE=2",
      "RUN echo one \\",
      "  # in between",
      "",
      "  && echo two",
      "FROM base AS next",
      "from node:$NODE",
      "FROM scratch",
      "ADD --chown=web files/*.txt /made/",
      "COPY --from=next / /",
      "FROM alpine:${TAG:-3}",
    ].join("\n"),
    { NODE: "24" },
  );
  expect(refused).toEqual([]);
  expect(bases).toEqual(["debian:bookworm", "node:24", "alpine:3"]);
});

test.each([
  "ADD http://169.254.169.254/latest/meta-data /x",
  "  add HTTP://127.0.0.1:7391/ /x",
  "\u0085ADD http://127.0.0.1/ /x",
  "ADD $URL /x",
  'ADD ["\\u0068ttp:\\/\\/127.0.0.1", "/x"]',
  "ADD --checksum=sha256:1 x /x",
  "ADD git@host:repo /x",
  "ONBUILD ADD http://127.0.0.1 /x",
  "ONBU\u0130LD ADD http://127.0.0.1 /x",
  "ONBUILD  \\\nADD http://127.0.0.1 /x",
  "ADD \\\n http://127.0.0.1 /x",
  "AD\\\nD http://127.0.0.1 /x",
  "A`\nDD http://127.0.0.1 /x",
  "ADD \\\n# comment\n\n http://127.0.0.1 /x",
  "ADD a\\\nhttp://127.0.0.1 /x",
  "RUN true\r\nADD http://127.0.0.1 /x\r\n",
  "# escape=`\nFROM a\nRUN dir \\\nADD http://127.0.0.1 /x",
  "RUN dir `\nADD http://127.0.0.1 /x",
  // Lines that go on for some engines and not for others.
  "RUN a \\\\\nADD http://127.0.0.1 /x",
  "RUN a \\\r\r\nADD http://127.0.0.1 /x",
  "RUN a \\\n\uFEFF# b\nADD http://127.0.0.1 /x",
  "RUN a \\\u0085\nADD http://127.0.0.1 /x",
  "ADD http://127.0.0.1 /x \\",
])("%j would make the engine itself fetch something, and is refused", (text) => {
  const { refused } = readDockerfile(`FROM debian\n${text}`, {});
  expect(refused).not.toEqual([]);
});

test("no white space and nothing unseen, before or behind what is looked for, hides it", () => {
  const all = Array.from({ length: 0x11_0000 }, (_, code) => String.fromCodePoint(code));
  const some = all.filter((one) => /[\p{White_Space}\p{Cc}\p{Cf}]/u.test(one));
  expect(some.length).toBeGreaterThan(200);
  const hidden = some.flatMap((one) =>
    [
      `${one}ADD http://127.0.0.1/ /x`,
      `ADD${one}http://127.0.0.1/ /x`,
      `ADD http://127.0.0.1/${one}x /x`,
      `ONBUILD ${one}ADD http://127.0.0.1/ /x\nFROM debian`,
      `ONBUILD${one}ADD http://127.0.0.1/ /x\nFROM debian`,
      `RUN true \\${one}\nADD http://127.0.0.1/ /x`,
      `RUN true \\\n${one}ADD http://127.0.0.1/ /x`,
      `# not at the beginning: escape=\`\nRUN true \`${one}\nADD http://127.0.0.1/ /x`,
      `${one}FROM 127.0.0.1:5000/x`,
      `FROM${one}127.0.0.1:5000/x`,
      `FROM ${one}127.0.0.1:5000/x`,
      `RUN true \\${one}\nFROM other/trap`,
      `${one}COPY --from=127.0.0.1:5000/x / /`,
      `COPY${one}--from=127.0.0.1:5000/x / /`,
    ].filter((text) => readDockerfile(`FROM debian AS base\n${text}\n`, {}).refused.length === 0),
  );
  expect(hidden).toEqual([]);
});

test("a character that may be a space or not is named with its line", () => {
  expect(readDockerfile("FROM debian\r\n\tRUN a\u00a0b\r\n", {}).refused).toEqual([
    { line: 2, property: "U+00A0", reason: expect.stringContaining("use plain ones") },
  ]);
});

test.each([
  "FROM $BASE",
  "ARG A=$B\nFROM x:$A",
  "FROM",
  "FROM ${A:+b}",
  "FROM a`b",
  'FROM "debian"',
  "FROM 127.0.0.1:7391/x",
  "FROM localhost/x",
  "FROM debian\nCOPY --from=169.254.169.254/x / /",
  "FROM debian\nCOPY --from=$X / /",
  "FROM debian\nCOPY --fr\\\nom=127.0.0.1/x / /",
])("%j has an image that cannot be told, or of an address, and is refused", (text) => {
  expect(readDockerfile(text, {}).refused).toMatchObject([{ property: expect.stringMatching(/^(?:FROM|COPY)$/) }]);
});

test.each([
  "RUN a \\\nFROM debian",
  "RUN a `\nFROM debian",
  "FR\\\nOM debian",
  "FROM debian \\\n AS x",
  "FROM\\\ndebian",
])("%j may begin a stage or not, and is refused", (text) => {
  expect(readDockerfile(`FROM debian\n${text}`, {}).refused).toMatchObject([{ line: expect.any(Number) }]);
});

test("no more images than a few are named, each of which the engine would have to fetch", () => {
  const lines = (count: number, line: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => line(index)).join("\n");
  const from = (count: number) =>
    readDockerfile(
      lines(count, (index) => `FROM image:${index} AS s${index}`),
      {},
    );
  expect([from(16).refused, from(16).bases.length]).toEqual([[], 16]);
  expect(from(40).refused[0]).toEqual({ line: 17, property: "FROM", reason: expect.stringContaining("more than 16") });
  const stages = lines(40, (index) => `FROM debian AS s${index}\nCOPY --from=${index} / /\nCOPY --from=s${index} / /`);
  expect(readDockerfile(stages, {})).toEqual({ bases: ["debian"], refused: [] });
  const copies = readDockerfile(`FROM debian\n${lines(17, (index) => `COPY --from=image:${index} / /`)}`, {});
  expect(copies.refused).toMatchObject([{ property: "COPY", reason: expect.stringContaining("more than 16") }]);
});

test("what is run may take as many lines as it likes", () => {
  const text =
    "FROM debian\nRUN apt-get update \\\n  # why\n && apt-get install --yes \\\n    adduser \\\n    foo\nCOPY a \\\n  b /\n";
  expect(readDockerfile(text, {})).toEqual({ bases: ["debian"], refused: [] });
});
