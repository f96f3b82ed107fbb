/** The wording of a 400: what a request does against the contract, in one sentence. */
export interface SchemaFault {
  readonly instancePath: string;
  readonly message?: string;
  readonly keyword?: string;
  readonly params?: {
    readonly allowedValues?: readonly unknown[];
    readonly type?: string;
    readonly format?: string;
  };
}

const PART_NAMES: Readonly<Record<string, string>> = {
  queryStringParameters: 'querystring',
  pathParameters: 'params',
};

const depthOf = ({ instancePath }: SchemaFault): number => instancePath.split('/').length;

/** What tells the schemas apart, and no bound of one of them. */
const OF_THE_CHOICE: ReadonlySet<string | undefined> = new Set([
  undefined,
  'type',
  'const',
  'enum',
  'anyOf',
  'oneOf',
]);

/**
 * Of the faults of a value that fits none of several schemas, the one that lies deepest: it is of the schema that the
 * value was meant for. Where the schemas differ in the type alone, any of their types would do; one whose type is right is
 * told the bound that it breaks.
 */
export function mainFault(faults: readonly SchemaFault[]): SchemaFault | undefined {
  const [first, ...others] = faults;
  if (first === undefined || others.length === 0) return first;
  const depth = Math.max(...faults.map(depthOf));
  const deepest = faults.find((fault) => depthOf(fault) === depth) ?? first;
  const besides = faults.filter(({ instancePath }) => instancePath === deepest.instancePath);
  const types = besides.filter(({ keyword }) => keyword === 'type').map(({ params }) => params?.type);
  if (types.length > 1) return { ...deepest, message: `must be ${types.join(' or ')}` };
  return (types.length === 1 && besides.find(({ keyword }) => !OF_THE_CHOICE.has(keyword))) || deepest;
}

/** One schema fault as a sentence in the form of Browserbase's: `body/timeout must be <= 21600`. */
export function describeFault(fault: SchemaFault | undefined): string {
  if (fault === undefined) return 'the request does not fit the contract';
  const [part = '', ...path] = fault.instancePath.split('/').slice(1);
  const where = [PART_NAMES[part] ?? part, ...path].join('/') || 'request';
  if (fault.params?.format === 'date-time') return `${where} must be a time such as 2026-11-29T06:00:00Z`;
  const allowed = fault.params?.allowedValues;
  const choices = allowed === undefined ? '' : `: ${allowed.join(', ')}`;
  return `${where} ${fault.message ?? 'is not valid'}${choices}`;
}
