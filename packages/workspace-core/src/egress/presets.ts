/** Lists of hosts that go together, as `parseEgressRule` reads each. */
export const EGRESS_PRESETS = {
  registries: {
    description: "Where packages of npm, Python, Rust, Go, Ruby and Debian are downloaded from",
    rules: [
      "registry.npmjs.org",
      "registry.yarnpkg.com",
      "repo.yarnpkg.com",
      "nodejs.org",
      "pypi.org",
      "files.pythonhosted.org",
      "crates.io",
      "index.crates.io",
      "static.crates.io",
      "proxy.golang.org",
      "sum.golang.org",
      "rubygems.org",
      "index.rubygems.org",
      "deb.debian.org",
      "deb.debian.org:80",
      "security.debian.org",
      "security.debian.org:80",
    ],
  },
  models: {
    description: "The APIs of language models, their logins, and the lists of models that coding tools read",
    rules: [
      "api.anthropic.com",
      "platform.claude.com",
      "api.openai.com",
      "auth.openai.com",
      "chatgpt.com",
      "generativelanguage.googleapis.com",
      "openrouter.ai",
      "models.dev",
      "models.opencode.ai",
    ],
  },
  // Not among the defaults: the broker holds git to the workspace's own repository, which this goes round.
  git: {
    description: "GitHub, GitLab and Bitbucket, past what holds git to the workspace's own repository",
    rules: [
      "github.com",
      "api.github.com",
      "codeload.github.com",
      "objects.githubusercontent.com",
      "raw.githubusercontent.com",
      "gitlab.com",
      "bitbucket.org",
      "api.bitbucket.org",
    ],
  },
} as const satisfies Record<string, { description: string; rules: readonly string[] }>;

export type EgressPreset = keyof typeof EGRESS_PRESETS;
