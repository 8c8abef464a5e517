export const url = import.meta.resolve("@octokit/openapi/generated/api.github.com.json");
