// Every test there is: prerequisites, build, units and engine tests, the browser. A stage that fails does not stop
// the next one; the exit code is that of the first that failed.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { ensure, findBrowser } from "./prerequisites.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

try {
  await ensure();
} catch (error) {
  // Without a part its tests could only fail one by one, and this list would scroll away.
  console.error(error.message);
  process.exit(1);
}

const reports = mkdtempSync(join(tmpdir(), "ws-test-"));
process.on("exit", () => rmSync(reports, { recursive: true, force: true }));
const unitReport = join(reports, "vitest.json");
const browserReport = join(reports, "playwright.json");
const env = { ...process.env, CHROMIUM: findBrowser(), PLAYWRIGHT_JSON_OUTPUT_NAME: browserReport };

const results = [
  stage("build", "turbo", ["run", "build", "--output-logs=new-only"]),
  stage("unit and engine tests", "vitest", [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${unitReport}`,
  ]),
];
if (existsSync(join(root, "e2e", "package.json"))) {
  results.push(stage("browser tests", "pnpm", ["--filter", "@ws/e2e", "test", "--reporter=list,json"]));
}

console.log();
for (const { title, code, seconds } of results) console.log(`${code === 0 ? "✓" : "✗"} ${title} (${seconds} s)`);
const counts = [vitestCounts(readReport(unitReport)), playwrightCounts(readReport(browserReport))];
const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
// Also what passed only when it was repeated: it is to be looked at.
for (const title of counts.flatMap(({ repeated }) => repeated)) console.log(`↻ ${title}`);
for (const title of counts.flatMap(({ failures }) => failures)) console.log(`✗ ${title}`);
console.log(`Tests: ${sum("passed")} passed, ${sum("failed")} failed, ${sum("skipped")} skipped`);
process.exitCode = results.find(({ code }) => code !== 0)?.code ?? 0;

function stage(title, command, args) {
  const started = performance.now();
  const { status, error } = spawnSync(command, args, { cwd: root, env, stdio: "inherit" });
  if (error) console.error(`${command} did not start: ${error.message}`);
  return { title, code: status ?? 1, seconds: ((performance.now() - started) / 1000).toFixed(0) };
}

function readReport(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

function vitestCounts(report) {
  const files = report?.testResults ?? [];
  return {
    passed: report?.numPassedTests ?? 0,
    failed: report?.numFailedTests ?? 0,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
    failures: files.flatMap((file) => {
      const titles = titlesOf(file, ({ status }) => status === "failed");
      // A file that could not be loaded, or whose hook failed, has a message of its own.
      return file.status === "failed" && titles.length === 0
        ? [`${relative(root, file.name)}: ${file.message}`]
        : titles;
    }),
    repeated: files.flatMap((file) =>
      titlesOf(file, ({ status, failureMessages }) => status === "passed" && failureMessages.length > 0),
    ),
  };
}

function titlesOf({ name, assertionResults }, isMeant) {
  return assertionResults
    .filter(isMeant)
    .map(
      ({ fullName, failureMessages: [first = ""] }) =>
        `${relative(root, name)}: ${fullName}\n  ${first.split("\n", 1)[0]}`,
    );
}

function playwrightCounts(report) {
  const { expected = 0, flaky = 0, unexpected = 0, skipped = 0 } = report?.stats ?? {};
  const specs = specsOf(report?.suites ?? []);
  const titles = (status) =>
    specs
      .filter(({ tests }) => tests.some((test) => test.status === status))
      .map(({ file, line, title }) => `e2e/web/${file}:${line}: ${title}`);
  return {
    passed: expected + flaky,
    failed: unexpected,
    skipped,
    failures: titles("unexpected"),
    repeated: titles("flaky"),
  };
}

function specsOf(suites) {
  return suites.flatMap(({ specs, suites: inner }) => [...specs, ...specsOf(inner ?? [])]);
}
