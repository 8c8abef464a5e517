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
  "ADD $URL /x",
  'ADD ["\\u0068ttp:\\/\\/127.0.0.1", "/x"]',
  "ADD --checksum=sha256:1 x /x",
  "ADD git@host:repo /x",
  "ONBUILD ADD http://127.0.0.1 /x",
  "ONBUILD  \\\nADD http://127.0.0.1 /x",
  "ADD \\\n http://127.0.0.1 /x",
  "AD\\\nD http://127.0.0.1 /x",
  "ADD \\\n# comment\n\n http://127.0.0.1 /x",
  "RUN true\r\nADD http://127.0.0.1 /x\r\n",
  "# escape=`\nFROM a\nRUN dir \\\nADD http://127.0.0.1 /x",
  "RUN dir `\nADD http://127.0.0.1 /x",
  "ADD http://127.0.0.1 /x \\",
])("%j would make the engine itself fetch something, and is refused", (text) => {
  const { refused } = readDockerfile(`FROM debian\n${text}`, {});
  expect(refused).toContainEqual({
    line: expect.any(Number),
    property: "ADD",
    reason: expect.stringContaining("engine"),
  });
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
])("%j has an image that cannot be told, or of an address, and is refused", (text) => {
  expect(readDockerfile(text, {}).refused).toMatchObject([{ property: "FROM" }]);
});

test("where it says how its lines go on, the images of both readings are told", () => {
  const text = "FROM one\nRUN a \\\nFROM two\n# escape=`\n";
  expect(readDockerfile(text, {}).bases).toEqual(["one", "two"]);
  expect(readDockerfile(text.replace("escape", "other"), {}).bases).toEqual(["one"]);
});
