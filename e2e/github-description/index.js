export const url = import.meta.resolve("@octokit/openapi/generated/api.github.com.json");
export const schemaUrl = new URL("schema.graphql", import.meta.resolve("@octokit/graphql-schema")).href;
