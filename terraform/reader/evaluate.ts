import { type Expression, type For, TerraformFault } from './expression.ts';
import { FUNCTIONS } from './functions.ts';
import { elementsOf, isEqual, isList, isMap, isSet, Members, type Value } from './values.ts';

/** What the names in an expression mean; undefined: there is nothing of that name. */
export type Scope = (name: string) => Value | undefined;

/** The value of an expression, or a TerraformFault that says where and why there is none. */
export function evaluate(expression: Expression, scope: Scope): Value {
  const { at } = expression;
  const read = (inner: Expression): Value => evaluate(inner, scope);
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'template':
      return templateOf(expression.parts, scope);
    case 'list':
      return expression.items.map(read);
    case 'object':
      return Object.fromEntries(
        expression.entries.map(([key, value]) => [textOf(read(key), key), read(value)]),
      );
    case 'name': {
      const value = scope(expression.name);
      if (value === undefined) throw new TerraformFault(at, `nothing is called ${expression.name}`);
      return value;
    }
    case 'member':
      return memberOf(read(expression.of), read(expression.key), expression);
    case 'call':
      return call(expression, scope);
    case 'for':
      return loop(expression, scope);
    case 'condition':
      return read(isTrue(expression.test, scope) ? expression.yes : expression.no);
    case 'not':
      return !isTrue(expression.operand, scope);
    case 'binary':
      return operate(expression, scope);
    case 'unknown':
      throw new TerraformFault(at, `${expression.syntax} is not understood here: ${expression.source}`);
  }
}

function textOf(value: Value, { at, source }: Expression): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TerraformFault(at, `${source} is no text`);
}

function isTrue(expression: Expression, scope: Scope): boolean {
  const value = evaluate(expression, scope);
  if (typeof value === 'boolean') return value;
  throw new TerraformFault(expression.at, `${expression.source} is neither true nor false`);
}

/** `"${x}"` is x itself, whatever it is; anything more is a text. */
function templateOf(parts: readonly Expression[], scope: Scope): Value {
  const [only, ...others] = parts;
  if (only === undefined) return '';
  if (others.length === 0) return evaluate(only, scope);
  return parts.map((part) => textOf(evaluate(part, scope), part)).join('');
}

function memberOf(of: Value, key: Value, expression: Expression): Value {
  const { at, source } = expression;
  if (of instanceof Members) return of.get(textOf(key, expression), at);
  const value = isList(of)
    ? of[typeof key === 'string' && key !== '' ? Number(key) : typeof key === 'number' ? key : -1]
    : isMap(of) && Object.hasOwn(of, String(key))
      ? of[String(key)]
      : undefined;
  if (value === undefined) throw new TerraformFault(at, `${source} has no value`);
  return value;
}

function call(expression: Expression & { kind: 'call' }, scope: Scope): Value {
  const { at, name, source, isExpanded } = expression;
  const apply = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (apply === undefined) throw new TerraformFault(at, `the function ${name} is not known here: ${source}`);
  const args = expression.args.map((arg) => evaluate(arg, scope));
  const last = args.at(-1) ?? null;
  const expanded = isList(last) || isSet(last) ? [...last] : [last];
  try {
    return apply(...(isExpanded ? [...args.slice(0, -1), ...expanded] : args));
  } catch (error) {
    throw new TerraformFault(at, `${source}: ${(error as Error).message}`);
  }
}

function loop({ names, over, key, value, condition }: For, scope: Scope): Value {
  const elements = elementsOf(evaluate(over, scope));
  if (elements === undefined) throw new TerraformFault(over.at, `${over.source} has no elements`);
  const rounds = elements
    .map(([elementKey, element]): Scope => {
      const [valueName, keyName] = [...names].reverse();
      return (name) => (name === valueName ? element : name === keyName ? elementKey : scope(name));
    })
    .filter((inner) => condition === undefined || isTrue(condition, inner));
  if (key === undefined) return rounds.map((inner) => evaluate(value, inner));
  return Object.fromEntries(
    rounds.map((inner) => [textOf(evaluate(key, inner), key), evaluate(value, inner)]),
  );
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => Value>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
};

function operate(expression: Expression & { kind: 'binary' }, scope: Scope): Value {
  const { operator, at, source } = expression;
  const [left, right] = expression.operands;
  if (operator === '&&') return isTrue(left, scope) && isTrue(right, scope);
  if (operator === '||') return isTrue(left, scope) || isTrue(right, scope);
  const [a, b] = [evaluate(left, scope), evaluate(right, scope)];
  if (operator === '==') return isEqual(a, b);
  if (operator === '!=') return !isEqual(a, b);
  const apply = ARITHMETIC[operator];
  if (apply === undefined || typeof a !== 'number' || typeof b !== 'number') {
    throw new TerraformFault(at, `${source} is not understood here`);
  }
  return apply(a, b);
}
