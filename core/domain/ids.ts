const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Whether a client's text can be the id of a session or a context at all. Anything else is not looked up: DynamoDB has
 * its own opinions about empty, long and ill-formed keys.
 */
export const isUuid = (text: string): boolean => UUID.test(text);
