import type { Node } from 'web-tree-sitter';
import type { Expression, For } from './expression.ts';

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
const MAX_SOURCE_CHARACTERS = 60;

/** The expression that a node of the grammar means; `path` is the file, for faults. */
export function toExpression(path: string, node: Node | undefined): Expression {
  if (node === undefined) return { at: path, source: '', kind: 'unknown', syntax: 'nothing' };
  const read = (child: Node | undefined): Expression => toExpression(path, child);
  const position = { at: `${path}:${node.startPosition.row + 1}`, source: shorten(node.text) };
  const children = partsOf(node);
  const [first, second, third] = children;

  switch (node.type) {
    case 'expression':
      return chainOf(children, position, read);
    case 'literal_value':
    case 'template_expr':
    case 'collection_value':
    case 'for_expr':
    case 'operation':
      return read(first);
    case 'string_lit':
    case 'quoted_template':
      return { ...position, kind: 'template', parts: templateParts(node, position, read) };
    case 'template_literal':
      return { ...position, kind: 'literal', value: unescapeText(node.text) };
    case 'template_interpolation':
      return read(children.find(({ type }) => type === 'strip_marker') ?? first);
    case 'numeric_lit':
      return { ...position, kind: 'literal', value: Number(node.text) };
    case 'bool_lit':
      return { ...position, kind: 'literal', value: node.text === 'true' };
    case 'null_lit':
      return { ...position, kind: 'literal', value: null };
    case 'tuple':
      return { ...position, kind: 'list', items: children.map(read) };
    case 'object':
      return { ...position, kind: 'object', entries: children.map((child) => entryOf(child, read)) };
    case 'variable_expr':
      return { ...position, kind: 'name', name: node.text };
    case 'function_call': {
      const args = second === undefined ? [] : partsOf(second);
      const isExpanded = args.at(-1)?.type === 'ellipsis';
      const values = isExpanded ? args.slice(0, -1) : args;
      return { ...position, kind: 'call', name: first?.text ?? '', args: values.map(read), isExpanded };
    }
    case 'for_tuple_expr':
    case 'for_object_expr':
      return children.some(({ type }) => type === 'ellipsis')
        ? { ...position, kind: 'unknown', syntax: 'grouping by "..."' }
        : { ...position, kind: 'for', ...forOf(children, node.type === 'for_object_expr', read) };
    case 'conditional':
      return { ...position, kind: 'condition', test: read(first), yes: read(second), no: read(third) };
    case 'binary_operation':
      return { ...position, kind: 'binary', ...operationOf(node, position, read) };
    case 'unary_operation':
      return node.child(0)?.text === '!'
        ? { ...position, kind: 'not', operand: chainOf(children, position, read) }
        : { ...position, kind: 'unknown', syntax: node.type };
    default:
      return { ...position, kind: 'unknown', syntax: node.type };
  }
}

type Read = (node: Node | undefined) => Expression;
type Position = Pick<Expression, 'at' | 'source'>;

const PUNCTUATION = /_(start|end)$|^comment$/;
const PARENTHESES = ['(', ')'];

/** What has a meaning of its own: neither comments nor brackets. */
const partsOf = (node: Node): Node[] => node.namedChildren.filter(({ type }) => !PUNCTUATION.test(type));

/** The grammar leaves out blanks beside an interpolation: they are what lies between its nodes. */
function templateParts(node: Node, position: Position, read: Read): readonly Expression[] {
  const { text, startIndex } = node;
  let end = 1;
  const blanksUntil = (start: number): readonly Expression[] =>
    start === end ? [] : [{ ...position, kind: 'literal', value: text.slice(end, start) }];
  const parts = partsOf(node).flatMap((part) => {
    const start = part.startIndex - startIndex;
    const blanks = blanksUntil(start);
    end = part.endIndex - startIndex;
    // `$$` before a brace is an escape; the grammar reads `$$${` as an interpolation all the same.
    const isEscaped = part.type === 'template_interpolation' && text[start - 1] === '$';
    return [...blanks, isEscaped ? { ...position, kind: 'unknown' as const, syntax: '"$$${"' } : read(part)];
  });
  return [...parts, ...blanksUntil(text.length - 1)];
}

/** A value and its steps, `.name` and `[key]`: the grammar has them beside each other. */
const chainOf = ([head, ...steps]: readonly Node[], position: Position, read: Read): Expression =>
  steps.reduce<Expression>((of, step) => {
    const key = keyOf(step, read);
    return key === undefined
      ? { ...position, kind: 'unknown', syntax: step.type }
      : { ...position, kind: 'member', of, key };
  }, read(head));

/** `.name` and `[key]`; a splat is neither. */
function keyOf(step: Node, read: Read): Expression | undefined {
  const [inner] = partsOf(step);
  if (step.type === 'get_attr') return nameAsText(read(inner), inner);
  if (inner?.type === 'new_index') return read(partsOf(inner)[0]);
  return undefined;
}

const nameAsText = ({ at, source }: Expression, node: Node | undefined): Expression => ({
  at,
  source,
  kind: 'literal',
  value: node?.text ?? '',
});

/** A bare word as a key is that word; in parentheses it is a reference. */
function entryOf(element: Node, read: Read): readonly [Expression, Expression] {
  const key = element.childForFieldName('key') ?? undefined;
  const value = read(element.childForFieldName('val') ?? undefined);
  const expression = read(key);
  const isBareWord = expression.kind === 'name' && key?.text === expression.name;
  return [isBareWord ? nameAsText(expression, key) : expression, value];
}

function forOf(children: readonly Node[], makesObject: boolean, read: Read): For {
  const [intro, ...rest] = children;
  const introParts = intro === undefined ? [] : partsOf(intro);
  const [first, second] = rest;
  const condition = rest.find(({ type }) => type === 'for_cond');
  return {
    names: introParts.slice(0, -1).map(({ text }) => text),
    over: read(introParts.at(-1)),
    ...(makesObject ? { key: read(first), value: read(second) } : { value: read(first) }),
    ...(condition === undefined ? {} : { condition: read(partsOf(condition)[0]) }),
  };
}

/** The operator is the one part without a name, besides parentheses. */
function operationOf(node: Node, position: Position, read: Read) {
  const children = node.children.filter((child) => !PARENTHESES.includes(child.type));
  const middle = children.findIndex((child) => !child.isNamed);
  const operand = (parts: readonly Node[]) =>
    chainOf(
      parts.filter(({ type }) => type !== 'comment'),
      position,
      read,
    );
  return {
    operator: children[middle]?.text ?? '',
    operands: [operand(children.slice(0, middle)), operand(children.slice(middle + 1))] as const,
  };
}

const unescapeText = (text: string): string =>
  text
    .replace(/\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|(["\\nrt]))/g, (_, short, long, letter: string) =>
      letter === undefined
        ? String.fromCodePoint(Number.parseInt(short ?? long, 16))
        : (ESCAPES[letter] ?? letter),
    )
    .replace(/([$%])\1\{/g, '$1{');

const shorten = (text: string): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length > MAX_SOURCE_CHARACTERS ? `${line.slice(0, MAX_SOURCE_CHARACTERS)}...` : line;
};
