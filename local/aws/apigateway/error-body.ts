/** What an answer of the machine itself says: its status, the status's phrase, and a sentence for a person. */
export type ErrorAnswer = readonly [statusCode: number, error: string, message: string];

/** The body that every error of the API has. */
export const errorBody = ([statusCode, error, message]: ErrorAnswer): string =>
  JSON.stringify({ statusCode, error, message });
