import type { MessageAttribute, MessageAttributes } from './message-attributes.ts';

/** Whether a message passes a policy of exact strings: every name of the policy, with one of its values. */
export const passesFilter = (
  policy: Readonly<Record<string, readonly string[]>>,
  attributes: MessageAttributes,
): boolean =>
  Object.entries(policy).every(([name, allowed]) =>
    valuesOf(Object.hasOwn(attributes, name) ? attributes[name] : undefined).some((value) =>
      allowed.includes(value),
    ),
  );

function valuesOf(attribute: MessageAttribute | undefined): readonly string[] {
  if (attribute?.StringValue === undefined) return [];
  if (attribute.DataType === 'String') return [attribute.StringValue];
  if (attribute.DataType !== 'String.Array') return [];
  try {
    const items: unknown = JSON.parse(attribute.StringValue);
    return Array.isArray(items) ? items.filter((item) => typeof item === 'string') : [];
  } catch {
    // SNS too: an array that is not JSON matches nothing.
    return [];
  }
}
