/** What a request says of its token. */
export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

/** What a request says of its body. */
export const json = { "content-type": "application/json" };
