/** Where the description of api.github.com lies: a file URL. */
export const url: string;
