export { startFakeGitHub, type FakeGitHub, type FakeInstallation, type Fault } from "./fake-github.ts";
