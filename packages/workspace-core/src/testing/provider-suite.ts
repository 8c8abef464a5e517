import { describe, expect, test } from "vitest";
import { isWsError } from "../errors.ts";
import type { Project } from "../projects/project.ts";
import { metadataProblem } from "../provider-metadata.ts";
import type { ProviderContext, ResolvedRef, WorkspaceProvider } from "../provider.ts";

export interface ProviderSubject extends AsyncDisposable {
  provider: WorkspaceProvider;
  /** Of a caller who may do everything. */
  context: ProviderContext;
  /** What follows `#type:` of something that is there. */
  ref: string;
  /** What follows `#type:` of something that is not, and is not made on first use. */
  missing: string;
  /** A project of this provider's; absent where it has none. */
  project?: Project;
  /** The URL of a change there, where changes have any, with what it is called. */
  change?: { url: string; identifier: string };
}

const NOT_ITS_OWN: Project = {
  name: "elsewhere",
  workflowType: "nowhere",
  url: "https://forge.elsewhere.test/org/elsewhere",
};
const URL_ELSEWHERE = "https://forge.elsewhere.test/org/elsewhere/changes/1";

/** What every provider has to do, whatever it is for. */
export function providerSuite(title: string, make: () => Promise<ProviderSubject>): void {
  describe(`${title} is a provider`, () => {
    const typeOf = ({ provider }: ProviderSubject): string => provider.getWorkflowMetadata()?.workflowType ?? "";

    test("declares one workflow type, whose pattern finds its references and no others", async () => {
      await using subject = await make();
      const metadata = subject.provider.getWorkflowMetadata();
      if (metadata === undefined) throw new Error("it declares nothing");
      expect(metadataProblem(metadata)).toBeUndefined();
      expect(subject.provider.getWorkflowMetadata()).toEqual(metadata);
      const pattern = new RegExp(metadata.refPattern, "u");
      const { workflowType: type } = metadata;
      for (const text of [`#${type}:tool`, `go to #${type}(a b) now`]) expect(pattern.test(text)).toBe(true);
      for (const text of [`x#${type}:tool`, `#${type}x:tool`, `#${type}:`, type])
        expect(pattern.test(text)).toBe(false);
    });

    test("resolves what is there, the same each time, and what is not fails in the domain's words", async () => {
      await using subject = await make();
      const { provider, context, ref, missing } = subject;
      const type = typeOf(subject);
      const resolved = await provider.resolveRef(ref, type, context);
      expectResolved(resolved, type);
      expect(await provider.resolveRef(ref, type, context)).toEqual(resolved);
      expect(await provider.resolveRef(ref, type, { ...context, mayCreate: false })).toEqual(resolved);
      const answer = await Promise.resolve()
        .then(() => provider.resolveRef(missing, type, { ...context, mayCreate: false }))
        .catch((error: unknown) => error);
      if (answer !== undefined) expect(isWsError(answer) && answer.code).toMatch(/^(reference_|project_|file_|not_a_)/);
    });

    test("leaves to others what is theirs", async () => {
      await using subject = await make();
      const { provider, context, ref } = subject;
      const change = { name: "x", project: NOT_ITS_OWN.name, branch: "x", description: "", state: "draft" as const };
      const of = { change: { ...change, createdAt: 1, updatedAt: 1 }, project: NOT_ITS_OWN };
      const elsewhere: ResolvedRef = { workflowType: "nowhere", projectName: "x", allocates: true, extra: {} };
      const answers = [
        provider.resolveRef(ref, "nowhere", context),
        provider.detectWorkflowType({ name: "x", url: NOT_ITS_OWN.url ?? "" }),
        provider.getChangeLabel(NOT_ITS_OWN),
        provider.getWorkspaceName("/nobody's/directory"),
        provider.getWorkspaceDirectory(elsewhere, 1),
        provider.setupWorkflow(elsewhere, { number: 1 }),
        provider.submit(of),
        provider.prepareMail(of, {}),
        provider.extractChangeIdentifier(URL_ELSEWHERE),
        provider.supportsReviewerComments(URL_ELSEWHERE),
        provider.generateReviewerComments(URL_ELSEWHERE),
        provider.generateSubmittedCheck(URL_ELSEWHERE),
        provider.formatCommitDescription("Do it", { workflowType: "nowhere" }),
      ];
      expect(await Promise.all(answers.map(async (answer) => answer))).toEqual(answers.map(() => undefined));
    });

    test("knows its own project", async () => {
      await using subject = await make();
      const { provider, project } = subject;
      if (project === undefined) return;
      const { workflowType: _said, ...unsaid } = project;
      expect(await provider.detectWorkflowType(unsaid)).toBe(typeOf(subject));
      expect(await provider.getChangeLabel(project)).toMatch(/\S/);
    });

    test("reads a change's URL", async () => {
      await using subject = await make();
      const { provider, change } = subject;
      if (change === undefined) return;
      expect(await provider.extractChangeIdentifier(change.url)).toMatchObject({ identifier: change.identifier });
      if ((await provider.supportsReviewerComments(change.url)) === true) {
        expect(await provider.generateReviewerComments(change.url)).toBeTypeOf("function");
      }
    });

    test("formats a commit's description once, however often it is asked", async () => {
      await using subject = await make();
      const { provider, project } = subject;
      if (project === undefined) return;
      const format = {
        workflowType: typeOf(subject),
        project: { ...project, commit: { prefix: "[tool] ", tags: { Team: "core" } } },
        bug: "12",
        fixedBug: "13",
      };
      for (const description of ["Fix it", "Fix it\n\nBecause.\n", "Fix it\n\nTeam: other\n", ""]) {
        const once = (await provider.formatCommitDescription(description, format)) ?? description;
        expect((await provider.formatCommitDescription(once, format)) ?? once).toBe(once);
        expect(once).toContain(description.split("\n")[0]);
      }
    });
  });
}

function expectResolved(resolved: ResolvedRef | undefined, type: string): void {
  expect(resolved).toMatchObject({
    workflowType: type,
    projectName: expect.stringMatching(/\S/) as string,
    allocates: expect.any(Boolean) as boolean,
    extra: expect.any(Object) as object,
  });
}
