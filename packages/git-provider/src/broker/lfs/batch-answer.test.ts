import { expect, test } from "vitest";
import { NoLfsAnswer, readBatchAnswer } from "./batch-answer.ts";
import type { BatchRequest } from "./batch-request.ts";

const HOUR = 3_600_000;
const oid = "a".repeat(64);
const asked: BatchRequest = { operation: "download", objects: [{ oid, size: 5 }] };

function download(action: object, now = 0): { expiresAt?: number; header?: object; href?: string } {
  const [object] = readBatchAnswer({ objects: [{ oid, size: 5, actions: { download: action } }] }, asked, now);
  const { href, ...rest } = object?.actions[0] ?? {};
  return { ...rest, ...(href && { href: href.href }) };
}

test("a transfer lasts as long as the forge says, and an hour at most", () => {
  const href = "https://store.test/a";
  expect(download({ href, expires_in: 60 }, 1_000).expiresAt).toBe(61_000);
  expect(download({ href, expires_in: 86_400 }).expiresAt).toBe(HOUR);
  expect(download({ href, expires_at: "1970-01-01T00:10:00Z" }).expiresAt).toBe(600_000);
  expect(download({ href, expires_at: "0001-01-01T00:00:00Z" }).expiresAt).toBe(HOUR);
  expect(download({ href, expires_in: 60, expires_at: "1970-01-01T00:10:00Z" }).expiresAt).toBe(60_000);
  expect(download({ href }).expiresAt).toBe(HOUR);
});

test("only what was asked for is taken of an answer", () => {
  const href = "https://store.test/a";
  const objects = [
    { oid: "b".repeat(64), size: 5, actions: { download: { href } } },
    { oid, size: 99, actions: { upload: { href }, download: { href, header: { "X-Key": "1" } }, more: 1 } },
  ];
  expect(readBatchAnswer({ objects, more: 1 }, asked, 0)).toEqual([
    {
      oid,
      size: 5,
      actions: [
        { kind: "download", authenticated: false, href: new URL(href), header: { "x-key": "1" }, expiresAt: HOUR },
      ],
    },
  ]);
  expect(readBatchAnswer({ objects: [] }, asked, 0)).toEqual([]);
  const gone = { oid, error: { code: 12, message: "x".repeat(1_000) } };
  expect(readBatchAnswer({ objects: [gone] }, asked, 0)).toEqual([
    { oid, size: 5, error: { code: 500, message: "x".repeat(300) }, actions: [] },
  ]);
  const older = { oid, _links: { download: { href } } };
  expect(readBatchAnswer({ objects: [older] }, asked, 0)[0]?.actions).toHaveLength(1);
});

const answers: unknown[] = [
  null,
  [],
  {},
  { objects: [1] },
  { objects: [], transfer: "tus" },
  ...[
    {},
    { href: 1 },
    { href: "not a url" },
    { href: "https://store.test/a", header: { "X Y": "1" } },
    { href: "https://store.test/a", header: { "X-Key": "1\r\nX-Other: 2" } },
    { href: "https://store.test/a", header: [] },
    { href: `https://store.test/${"a".repeat(9_000)}` },
  ].map((action) => ({ objects: [{ oid, actions: { download: action } }] })),
];

test.each(answers.map((answer) => ({ answer })))("CVE-2024-52006: $answer is no answer", ({ answer }) => {
  expect(() => readBatchAnswer(answer, asked, 0)).toThrow(NoLfsAnswer);
});
