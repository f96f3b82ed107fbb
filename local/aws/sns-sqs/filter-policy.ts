/** Text attributes of a message, by name: the one kind that is published here. */
export type MessageAttributes = Readonly<Record<string, string>>;

/** Whether a message passes a policy of exact strings: every name of the policy, with one of its values. */
export const passesFilter = (
  policy: Readonly<Record<string, readonly string[]>>,
  attributes: MessageAttributes,
): boolean =>
  Object.entries(policy).every(([name, allowed]) => {
    const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    return value !== undefined && allowed.includes(value);
  });
