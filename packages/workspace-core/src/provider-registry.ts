import { isWsError, WsError } from "./errors.ts";
import type { ReviewComment } from "./forge.ts";
import type { Log } from "./ports.ts";
import { noProviderFor, providerFailed, providerNotFound, unknownChange } from "./provider-failures.ts";
import { describe, firstOfEachType } from "./provider-metadata.ts";
import { knownProject } from "./projects/known-project.ts";
import type { Project } from "./projects/project.ts";
import type { Projects } from "./projects/projects.ts";
import { launchEnvironment } from "./leases/environment.ts";
import type {
  AllocatedWorkspace,
  Answer,
  ChangeOf,
  CommitFormat,
  PreparedReview,
  ProviderContext,
  ResolvedRef,
  ReviewRequest,
  Submitted,
  WorkflowMetadata,
  WorkspaceProvider,
} from "./provider.ts";
import { parseReference, readPrompt, type Reference } from "./references.ts";

export interface ProviderRegistryOptions {
  /** In the order in which they are asked. */
  providers: readonly WorkspaceProvider[];
  /** Names or workflow types of those that are not asked. */
  disabled?: "all" | readonly string[];
  projects: Projects;
  log: Log;
}

export interface ProviderSummary {
  name: string;
  enabled: boolean;
  metadata?: WorkflowMetadata;
  /** What is wrong with what it declares. */
  problem?: string;
}

/** The providers of a worker as one. Every method but those that read metadata asks them in order; the first answer holds. */
export interface ProviderRegistry {
  /** What the project's own file says, else what a provider makes of it. */
  detectWorkflowType(project: Project): Promise<string | undefined>;
  /** `change` where no provider has a word of its own. */
  getChangeLabel(project: Project): Promise<string>;
  /** Throws `reference_invalid`, `provider_not_found`, `reference_not_found` and what the provider finds. */
  resolveRef(reference: string | Reference, context: ProviderContext): Promise<ResolvedRef>;
  /**
   * The references of a prompt, `#cd:~` where it has none, and the prompt without them. `#type_name` counts for the types of all
   * providers and projects.
   */
  readPrompt(prompt: string): ReturnType<typeof readPrompt>;
  /**
   * The environment of a launch: what stale workspaces left in `inherited` is gone, the present workspace's variables are
   * there. Number 0 is a launch that waits, which is given no directory.
   */
  setupWorkflow(
    resolved: ResolvedRef,
    workspace: AllocatedWorkspace,
    inherited: Readonly<Record<string, string>>,
  ): Promise<Record<string, string>>;
  getWorkspaceDirectory(resolved: ResolvedRef, number: number): Promise<string | undefined>;
  /** Throws `submit_failed`, `no_version_control`. */
  submitChangespec(change: ChangeOf, signal?: AbortSignal): Promise<Submitted>;
  prepareMail(change: ChangeOf, request: ReviewRequest, signal?: AbortSignal): Promise<PreparedReview>;
  extractChangeIdentifier(url: string): Promise<{ label: string; identifier: string } | undefined>;
  supportsReviewerComments(url: string): Promise<boolean>;
  /** Throws `forge_unknown` where no provider can read them. */
  getReviewerComments(url: string, signal?: AbortSignal): Promise<readonly ReviewComment[]>;
  /** Throws `forge_unknown` where no provider can tell. */
  isSubmitted(url: string, signal?: AbortSignal): Promise<boolean>;
  /** The description as it is where no provider formats it. */
  formatCommitDescription(description: string, format: CommitFormat): Promise<string>;
  getWorkspaceName(directory: string): Promise<string | undefined>;
  getAllWorkflowMetadata(): WorkflowMetadata[];
  getWorkflowNames(): string[];
  getDisplayName(workflowType: string): string | undefined;
  getDisplayNameByVcs(vcsProviderName: string): string | undefined;
  getDisplayNameByVcsFamily(vcsFamily: string): string | undefined;
  getRefPatterns(): Record<string, string>;
  getPreAllocatedEnvPrefix(workflowType: string): string | undefined;
  /** All, in order, the disabled ones too. */
  list(): ProviderSummary[];
}

type Hook = Exclude<keyof WorkspaceProvider, "name" | "getWorkflowMetadata">;

export function createProviderRegistry(options: ProviderRegistryOptions): ProviderRegistry {
  const { providers, disabled = [], projects, log } = options;
  const described = providers.map((provider) => describe(provider, log));
  const isDisabled = (name: string, type?: string): boolean =>
    disabled === "all" || disabled.includes(name) || (type !== undefined && disabled.includes(type));
  const summaries: ProviderSummary[] = described.map(({ provider, ...declared }) => ({
    name: provider.name,
    enabled: !isDisabled(provider.name, declared.metadata?.workflowType),
    ...declared,
  }));
  const active = providers.filter((_, at) => summaries[at]?.enabled === true);
  const metadata = firstOfEachType(summaries.filter(({ enabled }) => enabled).flatMap((one) => one.metadata ?? []));
  const everyPrefix = summaries.flatMap((one) => one.metadata?.preAllocatedEnvPrefix ?? []);

  /** A provider that breaks leaves the answer to the next; its failure is the answer where nobody has another. */
  async function first<T>(hook: Hook, ask: (provider: WorkspaceProvider) => Answer<T>): Promise<T | undefined> {
    let failure: WsError | undefined;
    for (const provider of active) {
      try {
        const answer = await ask(provider);
        if (answer !== undefined) return answer;
      } catch (error) {
        if (isWsError(error)) throw error;
        failure ??= providerFailed(provider.name, hook, error);
        log.error("a provider failed", { provider: provider.name, hook, error });
      }
    }
    if (failure !== undefined) throw failure;
    return undefined;
  }

  const types = (): string[] => metadata.map(({ workflowType }) => workflowType);
  const parse = (reference: string | Reference): Reference =>
    typeof reference === "string" ? parseReference(reference, spellableTypes()) : reference;
  /** Of disabled providers too: `#gh_tool` is a reference to a known project all the same. */
  const spellableTypes = (): string[] => [
    ...summaries.flatMap((one) => one.metadata?.workflowType ?? []),
    ...projects.list().flatMap((project) => project.workflowType ?? []),
  ];

  async function resolveRef(given: string | Reference, context: ProviderContext): Promise<ResolvedRef> {
    const reference = parse(given);
    const { type, ref } = reference;
    const isKnown = types().includes(type);
    const found = isKnown ? await first("resolveRef", (one) => one.resolveRef(ref, type, context)) : undefined;
    const resolved = found ?? (isVersioned(type) ? knownProject(projects, type, ref) : undefined);
    if (resolved !== undefined) return resolved;
    if (!isKnown) throw providerNotFound(type, types(), isDisabledType(type));
    throw new WsError("reference_not_found", {
      message: `'${reference.text}' leads to nothing that is known here.`,
      next: "See what there is: ws project list.",
      data: { reference: reference.text },
    });
  }

  /** A plain directory has no projects. */
  const isVersioned = (type: string): boolean =>
    summaries.every((one) => one.metadata?.workflowType !== type || one.metadata.vcsFamily !== "");
  const isDisabledType = (type: string): boolean =>
    summaries.some((one) => !one.enabled && one.metadata?.workflowType === type);

  return {
    async detectWorkflowType(project) {
      return project.workflowType ?? (await first("detectWorkflowType", (one) => one.detectWorkflowType(project)));
    },
    async getChangeLabel(project) {
      return (await first("getChangeLabel", (one) => one.getChangeLabel(project))) ?? "change";
    },
    resolveRef,
    readPrompt: (prompt) => readPrompt(prompt, spellableTypes()),
    async setupWorkflow(resolved, workspace, inherited) {
      const own = metadata.find(({ workflowType }) => workflowType === resolved.workflowType);
      const further = await first("setupWorkflow", (one) => one.setupWorkflow(resolved, workspace));
      const prefix = own?.preAllocatedEnvPrefix;
      return {
        ...launchEnvironment(inherited, { prefixes: everyPrefix, prefix, workspace, allocates: resolved.allocates }),
        ...further,
      };
    },
    async getWorkspaceDirectory(resolved, number) {
      const answer = await first("getWorkspaceDirectory", (one) => one.getWorkspaceDirectory(resolved, number));
      return answer ?? (number === 0 ? resolved.primaryWorkspaceDir : undefined);
    },
    async submitChangespec(change, signal) {
      const submitted = await first("submit", (one) => one.submit(change, signal));
      if (submitted !== undefined) return submitted;
      throw noProviderFor(change, "submitted", types());
    },
    async prepareMail(change, request, signal) {
      const prepared = await first("prepareMail", (one) => one.prepareMail(change, request, signal));
      if (prepared !== undefined) return prepared;
      throw noProviderFor(change, "prepared for review", types());
    },
    extractChangeIdentifier: (url) => first("extractChangeIdentifier", (one) => one.extractChangeIdentifier(url)),
    async supportsReviewerComments(url) {
      return (await first("supportsReviewerComments", (one) => one.supportsReviewerComments(url))) ?? false;
    },
    async getReviewerComments(url, signal) {
      const read = await first("generateReviewerComments", (one) => one.generateReviewerComments(url));
      if (read === undefined) throw unknownChange(url);
      return read(signal);
    },
    async isSubmitted(url, signal) {
      const check = await first("generateSubmittedCheck", (one) => one.generateSubmittedCheck(url));
      if (check === undefined) throw unknownChange(url);
      return check(signal);
    },
    async formatCommitDescription(description, format) {
      const formatted = await first("formatCommitDescription", (one) =>
        one.formatCommitDescription(description, format),
      );
      return formatted ?? description;
    },
    getWorkspaceName: (directory) => first("getWorkspaceName", (one) => one.getWorkspaceName(directory)),
    getAllWorkflowMetadata: () => [...metadata],
    getWorkflowNames: types,
    getDisplayName: (type) => metadata.find(({ workflowType }) => workflowType === type)?.displayName,
    getDisplayNameByVcs: (vcs) => metadata.find(({ vcsProviderName }) => vcsProviderName === vcs)?.displayName,
    getDisplayNameByVcsFamily: (family) => metadata.find(({ vcsFamily }) => vcsFamily === family)?.displayName,
    getRefPatterns: () =>
      Object.fromEntries(metadata.map(({ workflowType, refPattern }) => [workflowType, refPattern])),
    getPreAllocatedEnvPrefix: (type) =>
      metadata.find(({ workflowType }) => workflowType === type)?.preAllocatedEnvPrefix,
    list: () => summaries.map((summary) => ({ ...summary })),
  };
}
