import { expect, test } from "vitest";
import { howToGive, leftOut } from "./left-out.ts";

test("what an agent reads of the surroundings and a service lacks is told apart: what is a setting, and what no setting says", async () => {
  const env = {
    PATH: "/bin",
    WS_PORT: "8000",
    PARALLAX_WORKSPACES_DIR: "/w",
    GIT_SSL_CAINFO: "/ca.pem",
    DOCKER_HOST: "tcp://box:2376",
    DOCKER_CERT_PATH: "/certs",
    DOCKER_TLS_VERIFY: "",
    NODE_EXTRA_CA_CERTS: "/more.pem",
    WS_CONFIG_DIR: "/c",
    WS_CALLED: "./ws",
  };
  const { settings, others } = await leftOut(env);
  expect(settings.toSorted()).toEqual(["GIT_SSL_CAINFO", "PARALLAX_WORKSPACES_DIR", "WS_PORT"]);
  expect(others).toEqual(["DOCKER_HOST", "DOCKER_CERT_PATH", "NODE_EXTRA_CA_CERTS"]);
});

test("how it gets one is said for the manager that runs it", () => {
  expect(howToGive("systemd", "user")).toContain("systemctl --user edit workspace-agent.service");
  expect(howToGive("systemd", "system")).toContain("sudo systemctl edit workspace-agent.service");
  expect(howToGive("launchd", "user")).toContain("launchctl setenv");
});
