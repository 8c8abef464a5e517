import { expect, test } from "vitest";
import { readRestCall } from "./rest.ts";

test.each([
  ["GET", "/repos/octo-org/next.js", "nothing"],
  ["GET", "/repos/octo-org/next.js/pulls", "nothing"],
  ["GET", "/repos/octo-org/next.js/pulls/7", "nothing"],
  ["GET", "/repos/octo-org/next.js/pulls/7/files", "nothing"],
  ["GET", "/repos/octo-org/next.js/commits/main/check-runs", "nothing"],
  ["GET", "/repos/octo-org/next.js/compare/main...work", "nothing"],
  ["POST", "/repos/octo-org/next.js/pulls", "own_head"],
  ["PATCH", "/repos/octo-org/next.js/pulls/7", "own_pull_request"],
  ["POST", "/repos/octo-org/next.js/issues/7/labels", "own_pull_request"],
  ["POST", "/repos/octo-org/next.js/issues/7/comments", "own_pull_request"],
  ["POST", "/repos/octo-org/next.js/pulls/7/requested_reviewers", "own_pull_request"],
])("knows %s %s", (method, path, needs) => {
  expect(readRestCall(method, path)).toMatchObject({ owner: "octo-org", repo: "next.js", needs });
});

test.each([
  ["GET", "/user"],
  ["GET", "/user/repos"],
  ["GET", "/search/code"],
  ["GET", "/repos"],
  ["GET", "/repos/octo-org"],
  ["GET", "/repos/octo-org/app/contents/.env"],
  ["GET", "/repos/octo-org/app/tarball"],
  ["GET", "/repos/octo-org/app/actions/secrets"],
  ["GET", "/repos/octo-org/app/actions/jobs/1/logs"],
  ["GET", "/repos/octo-org/app/keys"],
  ["GET", "/repos/octo-org/app/hooks"],
  ["GET", "/repos/octo-org/app/pulls/7/../../../other/pulls/1"],
  ["GET", "/repos/octo-org/app/pulls/../contents"],
  ["GET", "/repos/octo-org/../secret-org/app"],
  ["GET", "/repos/octo-org/app%2f..%2fsecret"],
  ["GET", "/repos/octo-org/app//pulls"],
  ["GET", "/repos/octo-org/app/pulls/7x"],
  ["GET", "/repos/octo-org/app/compare/main...evil:work"],
  ["GET", "/repositories/1"],
  ["PUT", "/repos/octo-org/app/pulls/7/merge"],
  ["DELETE", "/repos/octo-org/app"],
  ["DELETE", "/repos/octo-org/app/git/refs/heads/main"],
  ["PATCH", "/repos/octo-org/app"],
  ["POST", "/repos/octo-org/app/git/refs"],
  ["PUT", "/repos/octo-org/app/contents/x"],
  ["POST", "/repos/octo-org/app/hooks"],
  ["POST", "/repos/octo-org/app/issues"],
  ["POST", "/user/repos"],
  ["POST", "/gists"],
  ["GET", "/installation/repositories"],
])("refuses %s %s", (method, path) => {
  expect(() => readRestCall(method, path)).toThrow(/Workspace does not lead there.*ws finalize NAME --pr/);
});
