/** The decision of an IAM policy about invoking one route. */
export interface PolicyDocument {
  readonly Statement?: readonly PolicyStatement[];
}

interface PolicyStatement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
}

const INVOKE = 'execute-api:Invoke';

/** `*` stands for any characters, `?` for one. */
function matches(pattern: string, value: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
}

const matchesOne = (patterns: string | readonly string[] | undefined, value: string): boolean =>
  [patterns ?? []].flat().some((pattern) => matches(pattern, value));

/** A Deny that applies wins; without an Allow that applies the answer is no. */
export function isAllowed({ Statement = [] }: PolicyDocument, methodArn: string): boolean {
  const effects = [Statement]
    .flat()
    .filter(({ Action, Resource }) => matchesOne(Action, INVOKE) && matchesOne(Resource, methodArn))
    .map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}
