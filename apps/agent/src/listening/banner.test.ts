import { expect, test } from "vitest";
import { banner } from "./banner.ts";

const remark =
  "What is known of this isolation, at a length that fills more than one line of an ordinary terminal, twice.";
const base = { address: "http://127.0.0.1:7391", link: "http://127.0.0.1:7391/#code=", command: "./ws" };

test.each(["container", "sandbox", "none"] as const)(
  "with isolation '%s' no line of the banner is wider than a terminal, and where the remarks are is said",
  (isolation) => {
    const runtime = isolation === "container" ? ("docker" as const) : ("local" as const);
    const status = { runtime, isolation, version: "28.0.0", remarks: [remark, remark], available: true };
    const text = banner({ ...base, runtime: status });
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(text).toContain("2 remarks: ./ws info");
    expect(banner({ ...base, runtime: { ...status, remarks: [] } })).not.toContain("remark");
  },
);

test("where it is kept for others to read, there is no link that lets in", () => {
  const runtime = { runtime: "docker", isolation: "container", version: "", remarks: [], available: true } as const;
  const text = banner({ ...base, link: undefined, runtime });
  expect(text).toContain("  Dashboard:       ./ws open\n");
  expect(text).not.toMatch(/#code=|works once/);
});

test("an engine that does not answer is said, with the way on, in lines of ordinary width", () => {
  const runtime = { runtime: "docker", isolation: "container", version: "", remarks: [], available: false } as const;
  const text = banner({ ...base, runtime });
  expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(text).toContain("the engine does not answer");
});

test("of an agent that keeps its things elsewhere each command leads to that one", () => {
  const runtime = { runtime: "docker", isolation: "container", version: "", remarks: [], available: false } as const;
  const lines = banner({ ...base, runtime, directory: "/tmp/a second one" }).split("\n");
  const next = lines.findIndex((line) => line.endsWith("in another terminal:"));
  expect(lines[next + 1]?.trim()).toBe("export WS_CONFIG_DIR='/tmp/a second one'");
  expect(lines[next + 2]).toContain("./ws start demo");
  expect(lines.join("\n")).toContain("  Another device:  WS_CONFIG_DIR='/tmp/a second one' ./ws pair\n");
  expect(lines.join("\n")).toContain("(what to do: WS_CONFIG_DIR='/tmp/a second one' ./ws doctor)");
  expect(banner({ ...base, runtime })).not.toContain("WS_CONFIG_DIR");
});

test("how other devices reach it, and what they pin, stands where they do", () => {
  const runtime = { runtime: "docker", isolation: "container", version: "", remarks: [], available: true } as const;
  const secured = { address: "https://desk:7391", pin: "x".repeat(43) };
  const text = banner({ ...base, runtime, secured });
  expect(text).toContain(`By TLS at        https://desk:7391\n  Its key's pin    ${secured.pin}\n`);
  const tailnet = { name: "desk", letsIn: "ada@x.test (admin), and who has a token" };
  expect(banner({ ...base, runtime, tailnet })).toMatch(/On the tailnet +desk lets in\n +ada@x\.test \(admin\), and/);
  expect(banner({ ...base, runtime })).not.toMatch(/TLS|tailnet/);
});
