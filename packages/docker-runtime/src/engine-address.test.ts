import { isWsError } from "@ws/workspace-core";
import { describe, expect, test } from "vitest";

import { engineAddress } from "./engine-address.ts";

const none = (): boolean => false;
const read = (path: string): string => `content of ${path}`;

describe("where the engine answers", () => {
  test("is the first usual socket that exists, and the system's where none does", () => {
    expect(engineAddress({}, read, none)).toEqual({ socketPath: "/var/run/docker.sock" });
    const rootless = (path: string): boolean => path === "/run/user/7/docker.sock";
    expect(engineAddress({ XDG_RUNTIME_DIR: "/run/user/7" }, read, rootless)).toEqual({
      socketPath: "/run/user/7/docker.sock",
    });
  });

  test("is what DOCKER_HOST names", () => {
    expect(engineAddress({ DOCKER_HOST: "unix:///x.sock" }, read, none)).toEqual({ socketPath: "/x.sock" });
    expect(engineAddress({ DOCKER_HOST: "tcp://box:99" }, read, none)).toEqual({ host: "box", port: 99 });
    expect(engineAddress({ DOCKER_HOST: "box" }, read, none)).toEqual({ host: "box", port: 2375 });
  });

  test("is reached with the certificates of DOCKER_CERT_PATH where TLS is asked for", () => {
    const environment = { DOCKER_HOST: "tcp://box", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/c" };
    expect(engineAddress(environment, read, () => true)).toEqual({
      host: "box",
      port: 2376,
      tls: { ca: "content of /c/ca.pem", cert: "content of /c/cert.pem", key: "content of /c/key.pem" },
    });
  });

  test("is refused in a form that is not supported, with the way round", () => {
    const attempt = (): unknown => engineAddress({ DOCKER_HOST: "ssh://box" }, read, none);
    expect(attempt).toThrow(expect.toSatisfy((error) => isWsError(error, "engine_unreachable")));
  });
});
