/** An expression of Terraform's language, as far as it is evaluated here. `at` is where it stands: file and line. */
export type Expression = { readonly at: string; readonly source: string } & (
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'template'; readonly parts: readonly Expression[] }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [key: Expression, value: Expression])[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Expression; readonly key: Expression }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly args: readonly Expression[];
      /** The last argument is a list of arguments: `merge(list...)`. */
      readonly isExpanded: boolean;
    }
  | ({ readonly kind: 'for' } & For)
  | {
      readonly kind: 'condition';
      readonly test: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly operands: readonly [Expression, Expression];
    }
  | { readonly kind: 'not'; readonly operand: Expression }
  /** Grammar that nothing here has needed so far. It is a fault only where its value is asked for. */
  | { readonly kind: 'unknown'; readonly syntax: string }
);

export interface For {
  /** Names of the loop's variables: the value's, or the key's and the value's. */
  readonly names: readonly string[];
  readonly over: Expression;
  /** Makes an object, or a list when it is left out. */
  readonly key?: Expression;
  readonly value: Expression;
  readonly condition?: Expression;
}

/** The inside of a file or of a block. */
export interface Body {
  readonly attributes: ReadonlyMap<string, () => Expression>;
  readonly blocks: readonly Block[];
}

export interface Block {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: Body;
  readonly at: string;
}

/** Something in the Terraform that cannot be read, or that one machine does not know. One sentence, with its position. */
export class TerraformFault extends Error {
  override readonly name = 'TerraformFault';
  constructor(at: string, what: string) {
    super(`${at}: ${what}`);
  }
}
