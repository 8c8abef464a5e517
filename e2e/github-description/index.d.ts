/** Where the description of api.github.com lies: a file URL. */
export const url: string;

/** Of its GraphQL schema, as text. */
export const schemaUrl: string;
